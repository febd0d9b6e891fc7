/**
 * One browser. There is no queue for it, only the number of the event it gets next; while it does not read, nothing is
 * sent, and one that has fallen out of the journal gets a snapshot.
 */

import type { WebSocket } from '@fastify/websocket'
import type { Executor, Outcome } from '../../shared/lab/executor.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import { type Rate, TokenBucket } from '../../shared/model/token-bucket.ts'
import {
  type ClientMessage,
  clientMessageSchema,
  type Pointing,
  PROTOCOL_VERSION,
  type Role,
  type ServerMessage,
  VIEWER_MESSAGE_RATE,
} from '../../shared/wire/protocol.ts'
import type { Audience } from './audience.ts'
import { JOIN_WITHIN_MS } from './bounds.ts'
import { type Frames, frameOf } from './frames.ts'
import { Outbox } from './outbox.ts'

/** What one viewer may say to the lab's nodes. */
export const SAYING_RATE: Rate = { burst: 3, perSecond: 0.5 }
/** Commands of one browser that have not been answered. */
export const MAX_OPEN_COMMANDS = 64

/** WebSocket close codes. */
const GOING_AWAY = 1_001
const POLICY_VIOLATION = 1_008
/** How long a browser may take to say goodbye, in ms. */
const FAREWELL_MS = 500
/** Bytes unread past which it is not worth telling where the presenter points: it will have moved on. */
const MAX_UNREAD_FOR_LATEST = 65_536

const TOO_MANY: Outcome = { ok: false, error: 'too many commands at once; wait for answers' }
const TOO_FAST: Outcome = { ok: false, error: 'too many messages; wait a moment' }

export interface BrowserSurroundings {
  readonly lab: Lab
  readonly executor: Executor
  readonly frames: Frames
  readonly audience: Audience
}

export class Browser {
  readonly role: Role
  readonly #socket: WebSocket
  readonly #outbox: Outbox
  readonly #around: BrowserSurroundings
  readonly #messages: TokenBucket
  readonly #sayings: TokenBucket
  /** Number of the next event to send; undefined before it has joined. */
  #next: number | undefined
  #wantsSnapshot = false
  /** It asks for what happened before this event; answered when it has read what was sent. */
  #wantsPastBefore: number | undefined
  #openCommands = 0
  /** What it was told last of what only the latest matters of. */
  #told: Buffer | undefined
  #answered = true

  constructor(socket: WebSocket, role: Role, around: BrowserSurroundings) {
    this.role = role
    this.#socket = socket
    this.#around = around
    const now = around.lab.now()
    this.#outbox = new Outbox(socket, now)
    this.#messages = new TokenBucket(VIEWER_MESSAGE_RATE, now)
    this.#sayings = new TokenBucket(SAYING_RATE, now)
    socket.on('message', (data) => this.#hear(String(data)))
    socket.on('pong', () => {
      this.#answered = true
    })
    // `ws` closes the socket itself after an error; there is nothing to add.
    socket.on('error', () => {})
    const patience = setTimeout(() => this.#leaveUnlessJoined(), JOIN_WITHIN_MS)
    socket.on('close', () => clearTimeout(patience))
  }

  get hasJoined(): boolean {
    return this.#next !== undefined
  }

  /** Bytes that wait for it. */
  get waiting(): number {
    return this.#outbox.waiting
  }

  /** When it last took some of what waits for it, or nothing waited, as of the last look. */
  get tookAt(): number {
    return this.#outbox.tookAt
  }

  /** Looks whether it takes anything. */
  weigh() {
    this.#outbox.look(this.#around.lab.now())
  }

  /** Sends what is new, unless the browser has too much unread. */
  feed() {
    if (this.#outbox.isFull) return
    this.#socket.resume()
    if (this.#wantsSnapshot) this.#sendSnapshot()
    const { journal } = this.#around.lab
    while (this.#next !== undefined && this.#next <= journal.last) {
      if (this.#outbox.isFull) return
      if (this.#next < journal.oldest) {
        this.#sendSnapshot()
        continue
      }
      const { frame, next } = this.#around.frames.events(this.role, this.#next)
      this.#next = next
      this.#outbox.send(frame)
    }
    this.#sendPast()
  }

  /** After what is new: that is waited for. */
  #sendPast() {
    if (this.#wantsPastBefore === undefined || !this.hasJoined || this.#outbox.isFull) return
    const frame = this.#around.frames.past(this.role, this.#wantsPastBefore)
    this.#wantsPastBefore = undefined
    this.#outbox.send(frame)
  }

  /** Of what changes often only the latest is sent, and not to one that has much unread: it gets it later. */
  tell(latest: Buffer | undefined) {
    if (latest === undefined || latest === this.#told || !this.hasJoined) return
    if (this.waiting > MAX_UNREAD_FOR_LATEST) return
    this.#told = latest
    this.#outbox.send(latest)
  }

  /** One that has something to read hears enough. */
  beat(frame: Buffer) {
    if (this.hasJoined && this.waiting === 0) this.#outbox.send(frame)
  }

  /** Asks whether it is still there; one that has not answered since the last time is let go. */
  ping() {
    if (!this.#answered) return this.drop()
    this.#answered = false
    this.#socket.ping()
  }

  drop() {
    this.#socket.terminate()
  }

  close(code = GOING_AWAY, why = 'the lab ends') {
    this.#socket.close(code, why)
    // One that does not answer must not keep the lab from ending.
    setTimeout(() => this.#socket.terminate(), FAREWELL_MS).unref()
  }

  #leaveUnlessJoined() {
    if (!this.hasJoined && !this.#wantsSnapshot) this.close(POLICY_VIOLATION, 'nobody joined')
  }

  #hear(data: string) {
    const { lab } = this.#around
    if (this.role === 'viewer' && !this.#messages.take(1, lab.now())) {
      this.close(POLICY_VIOLATION, 'too many messages')
      return
    }
    const message = readMessage(data)
    if (typeof message === 'string') this.#send({ type: 'refused', error: message })
    else this.#carryOut(message)
    // One that asks and does not read is not read either, or its answers would pile up.
    if (this.#outbox.isFull) this.#socket.pause()
  }

  #carryOut(message: ClientMessage) {
    switch (message.type) {
      case 'join':
        this.#join(message)
        break
      case 'command': {
        const { id, line, by } = message
        void this.#answer(id, () => this.#around.executor.execute(line, this.role === 'viewer' ? 'viewer' : by))
        break
      }
      case 'history':
        this.#wantsPastBefore = message.before
        this.feed()
        break
      case 'say':
        void this.#answer(message.id, () => this.#say(message))
        break
      case 'pointing': {
        const { type: _, ...pointing } = message
        this.#point(pointing)
        break
      }
    }
  }

  #point(pointing: Pointing) {
    if (this.role === 'presenter') this.#around.audience.point(pointing)
    else this.#send({ type: 'refused', error: 'you are watching: only the presenter points' })
  }

  async #say({ node, name, text }: ClientMessage & { type: 'say' }): Promise<Outcome> {
    const { lab, executor, audience } = this.#around
    const now = lab.now()
    if (!this.#sayings.take(1, now) || !audience.mayOneSpeak(now)) return TOO_FAST
    return executor.say({ node, name, text })
  }

  #join({ has }: ClientMessage & { type: 'join' }) {
    const { journal, id } = this.#around.lab
    const canResume = has?.lab === id && has.after <= journal.last && has.after + 1 >= journal.oldest
    this.#told = undefined
    this.#wantsSnapshot = !canResume
    if (canResume) {
      this.#next = has.after + 1
      this.#send({ type: 'resumed', ...this.#around.frames.clock(this.role) })
    }
    this.feed()
  }

  async #answer(id: number, act: () => Promise<Outcome>) {
    if (this.#openCommands >= MAX_OPEN_COMMANDS) return this.#reply(id, TOO_MANY)
    this.#openCommands += 1
    const outcome = await act()
    this.#openCommands -= 1
    this.#reply(id, outcome)
  }

  #reply(id: number, outcome: Outcome) {
    if (outcome.ok) this.#send({ type: 'reply', id, ok: true, output: outcome.output })
    else this.#send({ type: 'reply', id, ok: false, error: outcome.error })
  }

  #sendSnapshot() {
    this.#wantsSnapshot = false
    const { frames } = this.#around
    const { frame, last } = frames.snapshot(this.role)
    this.#next = last + 1
    this.#outbox.send(frame)
    // It may be of a moment ago: this says what time it is now.
    const { frame: since, next } = frames.events(this.role, this.#next)
    this.#next = next
    this.#outbox.send(since)
  }

  #send(message: ServerMessage) {
    this.#outbox.send(frameOf(message))
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
