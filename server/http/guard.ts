/**
 * Protects against pages from elsewhere. A hostile page could make a browser send requests here: by another name that
 * resolves to this machine (DNS rebinding: the Host is wrong), or straight across origins (the Origin is wrong, or the
 * browser itself reports a cross-site request). Either is refused before anything is read, WebSocket upgrades included.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOwnName } from '../platform/addresses.ts'
import { type Authority, parseAuthority, parseOrigin, USUAL_PORT } from './authority.ts'
import { cameDirectly, forwardedHosts } from './forwarded.ts'

export interface GuardOptions {
  /** Returns whether the lab may be addressed by this name of a host. */
  readonly isOurs: (name: string) => boolean
  /** Further names of the lab, with their port unless it is the usual one. */
  readonly names: readonly Authority[]
  /** Called when an admitted client may be anybody. */
  readonly onForwarded: () => void
}

export function guard(app: FastifyInstance, options: GuardOptions) {
  app.addHook('onRequest', async (request, reply) => {
    const why = refusal(request, options)
    if (why !== undefined) await refuse(reply, why)
    else if (!cameDirectly(request.raw)) options.onForwarded()
  })
}

function refusal({ headers, url }: FastifyRequest, { isOurs, names }: GuardOptions): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers
  if (host === '') return 'the request does not say which host it is for: add a Host header'
  for (const named of [host, ...forwardedHosts(headers)]) {
    const authority = parseAuthority(named)
    if (!authority) return `'${named}' is not the name of a host`
    if (!isOurs(authority.name))
      return `the lab does not know the name '${named}'; use an address that it printed, or start it with --name ${authority.name}`
  }
  // The page's own files contain nothing of the lab, and the page can explain the refusal.
  if (origin !== undefined && !url.startsWith('/assets/') && !isOwnPage(origin, host, names))
    return `a page from ${origin} may not use the lab${hint(origin)}`
  // Pictures and scripts come without an Origin. A link to the page itself may be anywhere.
  if (url.startsWith('/api/') && (site === 'cross-site' || site === 'same-site'))
    return 'a page from elsewhere may not use the lab'
  return undefined
}

/**
 * The lab itself speaks HTTP, and its page's Origin is the Host. A given name may be a forwarder's, which speaks HTTPS
 * and may send another Host on; then its port is the one given with the name, or the usual one. If the Host is that
 * name, another port of it is another page.
 */
function isOwnPage(origin: string, host: string, names: readonly Authority[]): boolean {
  const page = parseOrigin(origin)
  const asked = parseAuthority(host, page?.scheme)
  if (!page || !asked) return false
  const isGiven = names.some(({ name }) => name === asked.name)
  if (page.name === asked.name && page.port === asked.port) return page.scheme === 'http' || isGiven
  return names.some(({ name, port, hasPort }) => {
    if (name !== page.name) return false
    return hasPort ? port === page.port : !isGiven && page.port === USUAL_PORT[page.scheme]
  })
}

function hint(origin: string): string {
  const page = parseOrigin(origin)
  if (!page) return ''
  // --name accepts a forwarder on this machine only with its port.
  const isKnown = page.port === USUAL_PORT[page.scheme] && !isOwnName(page.name)
  return `; if that is your tunnel, start the lab with --name ${page.name}${isKnown ? '' : `:${page.port}`}`
}

function refuse(reply: FastifyReply, why: string) {
  return reply.code(403).send({ ok: false, error: why })
}
