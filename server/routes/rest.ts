/** REST: what scripts use. Whatever the page can do, a command line here can do. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { commandRequestSchema } from '../../shared/protocol.ts'
import type { Executor, Outcome } from '../supervisor/executor.ts'
import type { Lab } from '../supervisor/lab.ts'
import type { Access } from './access.ts'
import { stateForViewers } from './for-viewers.ts'

export function restRoutes(app: FastifyInstance, lab: Lab, executor: Executor, access: Access) {
  app.get('/api/health', () => ({ ok: true, lab: lab.id, nodes: lab.settings.n }))

  app.get('/api/state', async ({ headers }) => {
    // Whoever has just done something finds it in the answer.
    await lab.journal.settled()
    const { state } = lab.journal
    return access.roleOf(headers) === 'viewer' ? stateForViewers(state) : state
  })

  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/api/commands', { schema: { body: commandRequestSchema } }, async ({ body, headers }, reply) => {
      const by = access.roleOf(headers) === 'viewer' ? 'viewer' : 'rest'
      const outcome = await executor.execute(body.line, by)
      return outcome.ok ? outcome : reply.code(codeOf(outcome)).send({ ...outcome, denied: undefined })
    })
}

function codeOf({ denied, column }: Extract<Outcome, { ok: false }>): number {
  if (denied) return 403
  return column === undefined ? 409 : 400
}
