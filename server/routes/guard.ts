/**
 * Doors closed to pages from elsewhere. A browser on this machine that visits a hostile page could be made to send
 * requests here: by another name that resolves to 127.0.0.1 (DNS rebinding: the Host is wrong), or straight across
 * origins (the Origin is wrong). Either is refused before anything is read, WebSocket upgrades included.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export interface GuardOptions {
  /** Host names under which the lab may be addressed. */
  readonly names: readonly string[]
}

export const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

export function guard(app: FastifyInstance, { names }: GuardOptions) {
  app.addHook('onRequest', async (request, reply) => {
    const why = refusal(request, names)
    if (why !== undefined) await refuse(reply, why)
  })
}

function refusal(request: FastifyRequest, names: readonly string[]): string | undefined {
  const { host, origin } = request.headers
  const name = host?.replace(/:\d+$/, '').toLowerCase()
  if (name === undefined || !names.includes(name))
    return `the lab is not addressed as '${host ?? ''}'; use ${names[0]} and its port`
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`)
    return `a page from ${origin} may not use the lab`
  return undefined
}

function refuse(reply: FastifyReply, why: string) {
  return reply.code(403).send({ ok: false, error: why })
}
