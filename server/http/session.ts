/** Lets the presenter's page prove its role, and gives addresses for viewers. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { type Invitation, sessionRequestSchema } from '../../shared/wire/protocol.ts'
import type { Access } from './access.ts'

export function sessionRoutes(app: FastifyInstance, access: Access, viewersAddresses: () => readonly string[]) {
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/api/session', { schema: { body: sessionRequestSchema } }, async (request, reply) => {
      const cookie = access.enter(request.body.key, request.headers)
      if (cookie !== undefined) return reply.header('set-cookie', cookie).send({ ok: true })
      return reply
        .code(403)
        .send({ ok: false, error: 'this key does not belong to this lab; use the address that the lab printed' })
    })

  app.get('/api/invite', async (request, reply) => {
    if (access.roleOf(request.raw) === 'viewer')
      return reply.code(403).send({ ok: false, error: 'you are watching; only the presenter can invite viewers' })
    return { addresses: viewersAddresses() } satisfies Invitation
  })
}
