/**
 * Doors closed to pages from elsewhere. A browser that visits a hostile page could be made to send requests here: by
 * another name that resolves to this machine (DNS rebinding: the Host is wrong), or straight across origins (the Origin
 * is wrong, or the browser itself says that another site asks). Either is refused before anything is read, WebSocket
 * upgrades included.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export interface GuardOptions {
  /** Whether the lab may be addressed by this host name. */
  readonly isOurs: (name: string) => boolean
}

export function guard(app: FastifyInstance, { isOurs }: GuardOptions) {
  app.addHook('onRequest', async (request, reply) => {
    const why = refusal(request, isOurs)
    if (why !== undefined) await refuse(reply, why)
  })
}

function refusal(request: FastifyRequest, isOurs: (name: string) => boolean): string | undefined {
  const { host, origin, 'sec-fetch-site': site } = request.headers
  const name = host?.replace(/:\d+$/, '').toLowerCase()
  if (name === undefined || !isOurs(name))
    return `the lab is not addressed as '${host ?? ''}'; use an address that it printed, or start it with --name`
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`)
    return `a page from ${origin} may not use the lab`
  // Pictures and scripts come without an Origin. A link to the page itself may be anywhere.
  if (request.url.startsWith('/api/') && (site === 'cross-site' || site === 'same-site'))
    return 'a page from elsewhere may not use the lab'
  return undefined
}

function refuse(reply: FastifyReply, why: string) {
  return reply.code(403).send({ ok: false, error: why })
}
