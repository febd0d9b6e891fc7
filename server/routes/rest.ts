/** REST: what scripts use. Whatever the page can do, a command line here can do. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { commandRequestSchema } from '../../shared/protocol.ts'
import type { Executor } from '../supervisor/executor.ts'
import type { Lab } from '../supervisor/lab.ts'

export function restRoutes(app: FastifyInstance, lab: Lab, executor: Executor) {
  app.get('/api/health', () => ({ ok: true, lab: lab.id, nodes: lab.settings.n }))

  app.get('/api/state', async () => {
    // Whoever has just done something finds it in the answer.
    await lab.journal.settled()
    return lab.journal.state
  })

  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/api/commands', { schema: { body: commandRequestSchema } }, async (request, reply) => {
      const outcome = await executor.execute(request.body.line, 'rest')
      return outcome.ok ? outcome : reply.code(outcome.column === undefined ? 409 : 400).send(outcome)
    })
}
