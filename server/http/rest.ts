/** REST for scripts. A command line here can do everything that the page can. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Executor, Outcome } from '../../shared/lab/executor.ts'
import { stateForViewers } from '../../shared/lab/for-viewers.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { commandRequestSchema } from '../../shared/wire/protocol.ts'
import type { Access } from './access.ts'

export function restRoutes(app: FastifyInstance, lab: Lab, executor: Executor, access: Access) {
  app.get('/api/health', () => ({ ok: true, lab: lab.id, nodes: lab.settings.n }))

  /** Encoded once for all viewers who ask between two changes, however often they do. */
  let forViewers: { readonly state: LabState; readonly text: string } | undefined
  app.get('/api/state', async ({ raw }, reply) => {
    // A client's own last action must be in the answer.
    await lab.sequencer.flushed()
    const { state } = lab.sequencer
    if (access.roleOf(raw) === 'presenter') return state
    if (forViewers?.state !== state) forViewers = { state, text: JSON.stringify(stateForViewers(state)) }
    return reply.type('application/json').send(forViewers.text)
  })

  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/api/commands', { schema: { body: commandRequestSchema } }, async ({ body, raw }, reply) => {
      const by = access.roleOf(raw) === 'viewer' ? 'viewer' : 'rest'
      const outcome = await executor.execute(body.line, by)
      return outcome.ok ? outcome : reply.code(codeOf(outcome)).send({ ...outcome, denied: undefined })
    })
}

function codeOf({ denied, column }: Extract<Outcome, { ok: false }>): number {
  if (denied) return 403
  return column === undefined ? 409 : 400
}
