/** Builds the web application; `main.ts` listens. Tests inject requests without a port. */
import { isUtf8 } from 'node:buffer'
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { Executor } from '../shared/lab/executor.ts'
import type { Lab } from '../shared/lab/lab.ts'
import { socketRoute } from './broadcast/socket.ts'
import { type Access, accessFor } from './http/access.ts'
import { parseAuthority } from './http/authority.ts'
import { compressFiles } from './http/compressed.ts'
import { type GuardOptions, guard } from './http/guard.ts'
import { limitGuests } from './http/guests.ts'
import { lastLabRoute } from './http/last-lab.ts'
import { restRoutes } from './http/rest.ts'
import { sessionRoutes } from './http/session.ts'
import {
  ALWAYS,
  HEADERS_WITHIN_MS,
  MAX_BODY_BYTES,
  REQUEST_WITHIN_MS,
  refuseAddress,
  refuseUnread,
  wordsFor,
} from './http/unreadable.ts'
import { isForWebSocket, webSocketsOf } from './http/upgrade.ts'
import { addressesOf, hostCheck, inUrl, isLoopback, isOwnName } from './platform/addresses.ts'
import { complainOf } from './platform/fault.ts'
import { labMachine } from './platform/lab-machine.ts'
import type { SavedLab } from './recorder/saved-labs.ts'

/** Maximum size of one WebSocket message from a client, in bytes. */
export const MAX_CLIENT_MESSAGE_BYTES = 65_536

export interface AppOptions {
  readonly lab: Lab
  /** Folder with the built page; without it only the interfaces for scripts are served. */
  readonly page?: string
  /** Address to listen on; loopback by default. */
  readonly host?: string
  /** Further names of the lab, perhaps with a port. */
  readonly names?: readonly string[]
  /** Decides who may act. */
  readonly access?: Access
  /** Called once, at the first request that may come from anybody, such as through a tunnel. */
  readonly onForwarded?: () => void
  /** The previous lab, whose recording the presenter can open. */
  readonly lastLab?: SavedLab
}

const LOOPBACK = '127.0.0.1'

/** Options of Node's own server. A Node version before `shouldUpgradeCallback` ignores it. */
const HTTP_OPTIONS = {
  headersTimeout: HEADERS_WITHIN_MS,
  // The guard refuses a request without Host, with an explanation.
  requireHostHeader: false,
  shouldUpgradeCallback: isForWebSocket,
}

/** The page may load its own files and open its own WebSocket, nothing else. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Forbids styles in markup too; scripts may still set styles of elements.
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const OF_DOCUMENTS = {
  'content-security-policy': CONTENT_POLICY,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { lab, page, host = LOOPBACK, names = [], access = accessFor(host, names), lastLab } = options
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    // Disabled because its answer would have another form; the lab itself refuses requests while it closes.
    return503OnClosing: false,
    requestTimeout: REQUEST_WITHIN_MS,
    http: HTTP_OPTIONS,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseUnread,
  })
  // Reads all headers within the size limit: those that a forwarder adds may come last, behind a thousand others.
  app.server.maxHeadersCount = 0
  limitGuests(app.server)
  readJsonAsUtf8(app)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = error.statusCode ?? 500
    if (code >= 500) complainOf(error)
    return reply.code(code).send({ ok: false, error: wordsFor(error, request.url) })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ ok: false, error: `there is nothing at ${request.method} ${request.url}` }),
  )
  app.addHook('onSend', async ({ url }, reply) => {
    reply.headers(ALWAYS)
    // Only documents need the policy, not scripts, styles and fonts.
    if (!url.startsWith('/assets/')) reply.headers(OF_DOCUMENTS)
    if (url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  await app.register(fastifyWebsocket, {
    // Not compressed: compression per client takes 2.5 to 5 times the server's time and 40 to 75 MB more (50 and 200
    // viewers), to save four fifths of 70 kB a second each at 500 events a second, which a local network carries.
    options: {
      server: webSocketsOf(app.server),
      maxPayload: MAX_CLIENT_MESSAGE_BYTES,
      perMessageDeflate: false,
    },
    // Clients get the reason; see socketRoute.
    preClose: (done) => done(),
  })
  // Must come later, or the connection of a refused WebSocket would stay open until its other end closes it.
  guard(app, doorOf(options))
  const executor = new Executor(lab)
  await app.register(async (scope) => {
    restRoutes(scope, lab, executor, access)
    sessionRoutes(scope, access, () => viewersAddresses(app, host, names))
    lastLabRoute(scope, access, lastLab)
    socketRoute(scope, { lab, executor, platform: labMachine, access, lastLab })
  })
  if (page !== undefined) await servePage(app, page)
  return app
}

function doorOf({ host = LOOPBACK, names = [], onForwarded }: AppOptions): GuardOptions {
  const given = names.flatMap((name) => parseAuthority(name) ?? [])
  const isOurs = hostCheck(
    host,
    given.map(({ name }) => name),
  )
  let isTold = false
  return {
    isOurs,
    names: given,
    onForwarded() {
      if (!isTold) onForwarded?.()
      isTold = true
    },
  }
}

/** Accepts only JSON, and refuses a body that is not UTF-8, in which Fastify would replace characters. */
function readJsonAsUtf8(app: FastifyInstance) {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) return parse(request, body.toString(), done)
    done(Object.assign(new Error('the body is not UTF-8'), { statusCode: 400 }))
  })
}

/** The build has compressed its files already, but not in the package; a file with a hash in its name never changes. */
async function servePage(app: FastifyInstance, root: string) {
  await app.register(async (scope) => {
    compressFiles(scope)
    await scope.register(fastifyStatic, {
      root,
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = dirname(path) === join(root, 'assets')
        reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        reply.setHeader('vary', 'accept-encoding')
      },
    })
  })
}

/** Returns the lab's address on this machine, once it listens. */
export function urlOf({ server }: FastifyInstance, address: string): string {
  const bound = server.address()
  return `http://${inUrl(address)}:${typeof bound === 'object' && bound !== null ? bound.port : 80}`
}

/**
 * Returns the lab's addresses for viewers, once it listens, the likeliest first. A name that leads to loopback, or to
 * another port, belongs to a forwarder, which speaks HTTPS. A name such as localhost is left out, because it leads to
 * the viewer's own machine.
 */
export function viewersAddresses(app: FastifyInstance, host: string, names: readonly string[]): readonly string[] {
  const isForwarded = (name: string) => isLoopback(host) || parseAuthority(name)?.hasPort
  const named = names
    .filter((name) => !isOwnName(parseAuthority(name)?.name ?? ''))
    .map((name) => (isForwarded(name) ? `https://${name}` : urlOf(app, name)))
  return [...addressesOf(host).map((address) => urlOf(app, address)), ...named]
}
