/**
 * The WebSocket: one browser each. There is no queue for a browser, only the number of the event it gets next; while
 * it does not read, nothing is sent, and one that has fallen out of the journal gets a snapshot.
 */

import type { WebSocket } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import { MAX_BROWSER_BACKLOG_BYTES, MAX_BROWSER_BATCH, MAX_BROWSERS, MAX_OPEN_COMMANDS } from '../../shared/limits.ts'
import {
  type ClientMessage,
  clientMessageSchema,
  type LabClock,
  PROTOCOL_VERSION,
  type ServerMessage,
} from '../../shared/protocol.ts'
import type { Executor } from '../supervisor/executor.ts'
import type { Lab } from '../supervisor/lab.ts'

/** How often a browser that did not read is looked at again, in ms. */
const RETRY_EVERY_MS = 100
/** WebSocket close codes: try again later; the server goes away. */
const TRY_AGAIN_LATER = 1_013
const GOING_AWAY = 1_001
/** How long a browser may take to say goodbye, in ms. */
const FAREWELL_MS = 500

export function socketRoute(app: FastifyInstance, lab: Lab, executor: Executor) {
  const browsers = new Set<Browser>()
  app.get('/api/ws', { websocket: true }, (socket) => {
    if (browsers.size >= MAX_BROWSERS) {
      socket.close(TRY_AGAIN_LATER, 'too many browsers')
      return
    }
    const browser = new Browser(socket, lab, executor)
    browsers.add(browser)
    socket.on('close', () => browsers.delete(browser))
  })
  const feed = () => {
    for (const browser of browsers) browser.feed()
  }
  const stopListening = lab.onRelease(feed)
  const retry = setInterval(feed, RETRY_EVERY_MS)
  app.addHook('preClose', async () => {
    stopListening()
    clearInterval(retry)
    for (const browser of browsers) browser.close()
  })
}

class Browser {
  readonly #socket: WebSocket
  readonly #lab: Lab
  readonly #executor: Executor
  /** Number of the next event to send; undefined before it has joined. */
  #next: number | undefined
  #wantsSnapshot = false
  #openCommands = 0

  constructor(socket: WebSocket, lab: Lab, executor: Executor) {
    this.#socket = socket
    this.#lab = lab
    this.#executor = executor
    socket.on('message', (data) => this.#hear(String(data)))
    // `ws` closes the socket itself after an error; there is nothing to add.
    socket.on('error', () => {})
  }

  /** Sends what is new, unless the browser has too much unread. */
  feed() {
    if (this.#isBehind()) return
    this.#socket.resume()
    if (this.#wantsSnapshot) this.#sendSnapshot()
    const { journal } = this.#lab
    while (this.#next !== undefined && this.#next <= journal.state.last) {
      if (this.#isBehind()) return
      if (this.#next < journal.oldest) {
        this.#sendSnapshot()
        return
      }
      const events = journal.read(this.#next, MAX_BROWSER_BATCH, MAX_BROWSER_BACKLOG_BYTES)
      this.#next += events.length
      this.#send({ type: 'events', now: this.#lab.now(), events })
    }
  }

  close() {
    this.#socket.close(GOING_AWAY, 'the lab ends')
    // One that does not answer must not keep the lab from ending.
    setTimeout(() => this.#socket.terminate(), FAREWELL_MS).unref()
  }

  #hear(data: string) {
    const message = readMessage(data)
    if (typeof message === 'string') this.#send({ type: 'refused', error: message })
    else if (message.type === 'join') this.#join(message)
    else void this.#command(message)
    // One that asks and does not read is not read either, or its answers would pile up.
    if (this.#isBehind()) this.#socket.pause()
  }

  #isBehind(): boolean {
    return this.#socket.bufferedAmount > MAX_BROWSER_BACKLOG_BYTES
  }

  #join({ has }: ClientMessage & { type: 'join' }) {
    const { journal, id } = this.#lab
    const canResume = has?.lab === id && has.after <= journal.state.last && has.after + 1 >= journal.oldest
    this.#wantsSnapshot = !canResume
    if (!canResume) {
      this.feed()
      return
    }
    this.#next = has.after + 1
    this.#send({ type: 'resumed', ...this.#clock() })
    this.feed()
  }

  async #command({ id, line, by }: ClientMessage & { type: 'command' }) {
    if (this.#openCommands >= MAX_OPEN_COMMANDS) {
      this.#send({ type: 'reply', id, ok: false, error: 'too many commands at once; wait for answers' })
      return
    }
    this.#openCommands += 1
    const outcome = await this.#executor.execute(line, by)
    this.#openCommands -= 1
    if (outcome.ok) this.#send({ type: 'reply', id, ok: true, output: outcome.output })
    else this.#send({ type: 'reply', id, ok: false, error: outcome.error })
  }

  #sendSnapshot() {
    this.#wantsSnapshot = false
    const { state } = this.#lab.journal
    this.#next = state.last + 1
    this.#send({ type: 'snapshot', ...this.#clock(), state })
  }

  #clock(): LabClock {
    const { id, beganAt, journal } = this.#lab
    return {
      version: PROTOCOL_VERSION,
      lab: id,
      role: 'presenter',
      now: this.#lab.now(),
      beganAt,
      oldest: journal.oldest,
    }
  }

  #send(message: ServerMessage) {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message))
  }
}

/** A message, or what is wrong with it. */
function readMessage(data: string): ClientMessage | string {
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return 'a message is JSON'
  }
  const parsed = clientMessageSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return `not a message of protocol ${PROTOCOL_VERSION}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
}
