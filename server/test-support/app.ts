import { Socket as NetSocket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import type { Lab } from '../../shared/lab/lab.ts'
import type { ServerMessage } from '../../shared/wire/protocol.ts'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { type AppOptions, buildApp } from '../app.ts'
import { type Access, accessFor } from '../http/access.ts'
import { labOf } from './lab.ts'

interface TestApp {
  readonly app: FastifyInstance
  readonly access: Access
  readonly lab: Lab
  readonly runtime: string
}

/** The web application over a lab whose nodes do not run. */
export async function appOf(n = 1, options: Partial<AppOptions> = {}): Promise<TestApp> {
  const { lab, settings, runtime } = await labOf(n)
  lab.sequencer.append({ type: 'network', settings })
  const access = accessFor(options.host ?? '127.0.0.1', options.names ?? [])
  const app = await buildApp({ lab, access, ...options })
  onTestFinished(() => app.close())
  await app.ready()
  return { app, access, lab, runtime }
}

/** The same open to viewers; `presenter` are the headers of a client with the key. */
export async function classroomOf(
  n = 1,
  options: Partial<AppOptions> = {},
): Promise<TestApp & { access: Access; presenter: { authorization: string } }> {
  const [host, names] = ['0.0.0.0', ['class.example']]
  const access = accessFor(host, names)
  const made = await appOf(n, { access, host, names, ...options })
  return { ...made, access, presenter: { authorization: `Bearer ${access.key}` } }
}

/** The part of a WebSocket that an injected and a real one share. */
type Socket = Pick<Awaited<ReturnType<FastifyInstance['injectWS']>>, 'readyState' | 'send' | 'terminate'> & {
  on(event: 'message', listener: (data: unknown) => void): unknown
  once(event: 'close', listener: (code: number, reason: Buffer) => void): unknown
}

/** A client as the server sees it. */
export class Browser {
  readonly socket: Socket
  readonly closed: Promise<number>
  /** Takes everything that arrived and that the test has not taken. */
  readonly #inbox: ServerMessage[] = []
  #wake: (() => void) | undefined

  constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('message', (data) => {
      this.#inbox.push(JSON.parse(String(data)))
      this.#wake?.()
    })
  }

  send(message: unknown) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  join(has?: { lab: string; after: number }) {
    this.send({ type: 'join', version: PROTOCOL_VERSION, ...(has && { has }) })
  }

  /** Returns the next message of this type. Discards earlier ones of other types. */
  async next<Type extends ServerMessage['type']>(type: Type): Promise<Extract<ServerMessage, { type: Type }>> {
    for (;;) {
      const message = this.#inbox.shift()
      if (message?.type === type) return message as Extract<ServerMessage, { type: Type }>
      if (!message)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

export async function browserOf(
  app: FastifyInstance,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
): Promise<Browser> {
  const visit = {
    headers: { host: '127.0.0.1', ...headers },
    socket: Object.defineProperty(new NetSocket(), 'remoteAddress', { value: remoteAddress }),
  }
  return new Browser(await app.injectWS('/api/ws', visit))
}
