/** Builds the web application; `main.ts` listens. Tests inject requests without a port. */
import { dirname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { MAX_BODY_BYTES, MAX_CLIENT_MESSAGE_BYTES } from '../shared/limits.ts'
import { guard, LOOPBACK_NAMES } from './routes/guard.ts'
import { restRoutes } from './routes/rest.ts'
import { socketRoute } from './routes/socket.ts'
import { Executor } from './supervisor/executor.ts'
import type { Lab } from './supervisor/lab.ts'

export interface AppOptions {
  readonly lab: Lab
  /** The folder with the built page; without one only the interfaces for scripts are served. */
  readonly page?: string
}

/** What the page may load and do: its own files and its own WebSocket, nothing else. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export async function buildApp({ lab, page }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const code = error.statusCode ?? 500
    if (code >= 500) console.error(error)
    const hint = error.validation ? 'the body is {"line": "<command>"}, as in {"line": "0 msg 1 hello"}: ' : ''
    return reply.code(code).send({ ok: false, error: hint + error.message })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ ok: false, error: `there is nothing at ${request.method} ${request.url}` }),
  )
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'content-security-policy': CONTENT_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })
  guard(app, { names: LOOPBACK_NAMES })
  await app.register(fastifyWebsocket, {
    options: { maxPayload: MAX_CLIENT_MESSAGE_BYTES },
    // Browsers are told why; see socketRoute.
    preClose: (done) => done(),
  })
  const executor = new Executor(lab)
  await app.register(async (scope) => {
    restRoutes(scope, lab, executor)
    socketRoute(scope, lab, executor)
  })
  if (page !== undefined) await servePage(app, page)
  return app
}

/** The build has compressed its files already; those with a hash in their name never change. */
async function servePage(app: FastifyInstance, root: string) {
  await app.register(fastifyStatic, {
    root,
    preCompressed: true,
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = dirname(path) === join(root, 'assets')
      reply.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      reply.setHeader('vary', 'accept-encoding')
    },
  })
}
