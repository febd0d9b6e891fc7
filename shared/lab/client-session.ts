/**
 * Serves one page that is connected to the lab. It has no queue, only the number of the page's next event. While the
 * page does not read, the session sends nothing; a page that has fallen out of the sequencer gets a snapshot.
 */

import { type Rate, TokenBucket } from '../model/token-bucket.ts'
import type { Platform, Timer } from '../node/platform.ts'
import {
  type ClientMessage,
  clientMessageSchema,
  type Pointing,
  PROTOCOL_VERSION,
  type Role,
  type ServerMessage,
  VIEWER_MESSAGE_RATE,
} from '../wire/protocol.ts'
import type { Audience } from './audience.ts'
import { type Connection, type Frame, MAX_BACKLOG_BYTES } from './connection.ts'
import type { Executor, Outcome } from './executor.ts'
import { type Frames, frameOf } from './frames.ts'
import type { Lab } from './lab.ts'

/** Time that a page gets to join after it has connected, in ms. */
export const JOIN_WITHIN_MS = 10_000
/** Rate of messages that one viewer may give to the lab's nodes. */
export const SAYING_RATE: Rate = { burst: 3, perSecond: 0.5 }
/** Maximum number of unanswered commands of one page. */
export const MAX_OPEN_COMMANDS = 64
/** Number of unread bytes past which a page gets no focus updates: the presenter will have moved on. */
const MAX_UNREAD_FOR_LATEST = 65_536

const TOO_MANY: Outcome = { ok: false, error: 'too many commands at once; wait for the replies' }
const TOO_FAST: Outcome = { ok: false, error: 'too many messages; wait a moment' }

/** Time of the people who watch. It runs on while the time of a simulated lab is stopped. */
export type SessionPlatform = Pick<Platform, 'now' | 'after' | 'every' | 'cancel'>

/** The parts that all sessions of a lab share. */
export interface SessionContext {
  readonly lab: Lab
  readonly executor: Executor
  readonly platform: SessionPlatform
  readonly frames: Frames
  readonly audience: Audience
}

export class ClientSession {
  readonly role: Role
  readonly #connection: Connection
  readonly #context: SessionContext
  readonly #messages: TokenBucket
  readonly #sayings: TokenBucket
  readonly #joinTimer: Timer
  /** Number of the next event to send; undefined before the page has joined. */
  #next: number | undefined
  #wantsSnapshot = false
  /**
   * Set while the page waits for events before this number. The answer goes out when the page has read everything sent.
   */
  #wantsPastBefore: number | undefined
  #openCommands = 0
  /** The last frame of `sendLatest`. */
  #latest: Frame | undefined
  readonly #onEnd: () => void

  constructor(connection: Connection, role: Role, context: SessionContext, onEnd: () => void) {
    this.role = role
    this.#connection = connection
    this.#context = context
    this.#onEnd = onEnd
    const { platform } = context
    const now = platform.now()
    this.#messages = new TokenBucket(VIEWER_MESSAGE_RATE, now)
    this.#sayings = new TokenBucket(SAYING_RATE, now)
    this.#joinTimer = platform.after(JOIN_WITHIN_MS, () => this.#leaveUnlessJoined())
  }

  get hasJoined(): boolean {
    return this.#next !== undefined
  }

  /** Takes a text from the page. */
  hear(text: string) {
    if (this.role === 'viewer' && !this.#messages.take(1, this.#context.platform.now())) {
      this.#connection.close('misused', 'too many messages')
      return
    }
    const message = readMessage(text)
    if (typeof message === 'string') this.#send({ type: 'refused', error: message })
    else this.#carryOut(message)
  }

  /** The connection has ended. */
  end() {
    this.#context.platform.cancel(this.#joinTimer)
    this.#onEnd()
  }

  /** Sends new events, unless the page has too much unread. */
  feed() {
    if (this.#isFull) return
    if (this.#wantsSnapshot) this.#sendSnapshot()
    const { sequencer } = this.#context.lab
    while (this.#next !== undefined && this.#next <= sequencer.last) {
      if (this.#isFull) return
      if (this.#next < sequencer.oldest) {
        this.#sendSnapshot()
        continue
      }
      const { frame, next } = this.#context.frames.events(this.role, this.#next)
      this.#next = next
      this.#connection.send(frame)
    }
    this.#sendPast()
  }

  /** Sends a frequently changing value once. Skips a page with much unread: it gets a later value. */
  sendLatest(frame: Frame | undefined) {
    if (frame === undefined || frame === this.#latest || !this.hasJoined) return
    if (this.#connection.waiting > MAX_UNREAD_FOR_LATEST) return
    this.#latest = frame
    this.#connection.send(frame)
  }

  /** Sends a sign of life, unless the page has something else to read. */
  beat(frame: Frame) {
    if (this.hasJoined && this.#connection.waiting === 0) this.#connection.send(frame)
  }

  close() {
    this.#connection.close('ending', 'the lab is shutting down')
  }

  get #isFull(): boolean {
    return this.#connection.waiting > MAX_BACKLOG_BYTES
  }

  #leaveUnlessJoined() {
    if (!this.hasJoined && !this.#wantsSnapshot) this.#connection.close('misused', 'join first: send a join message')
  }

  /** Comes after the new events, because people wait for those. */
  #sendPast() {
    if (this.#wantsPastBefore === undefined || !this.hasJoined || this.#isFull) return
    const frame = this.#context.frames.past(this.role, this.#wantsPastBefore)
    this.#wantsPastBefore = undefined
    this.#connection.send(frame)
  }

  #carryOut(message: ClientMessage) {
    switch (message.type) {
      case 'join':
        this.#join(message)
        break
      case 'command': {
        const { id, line, by } = message
        void this.#answer(id, () => this.#context.executor.execute(line, this.role === 'viewer' ? 'viewer' : by))
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
    if (this.role === 'presenter') this.#context.audience.point(pointing)
    else this.#send({ type: 'refused', error: 'you are watching; only the presenter can point' })
  }

  async #say({ node, name, text }: ClientMessage & { type: 'say' }): Promise<Outcome> {
    const { platform, executor, audience } = this.#context
    const now = platform.now()
    if (!this.#sayings.take(1, now) || !audience.mayOneSpeak(now)) return TOO_FAST
    return executor.say({ node, name, text })
  }

  #join({ has }: ClientMessage & { type: 'join' }) {
    const { sequencer, id } = this.#context.lab
    const canResume = has?.lab === id && has.after <= sequencer.last && has.after + 1 >= sequencer.oldest
    this.#latest = undefined
    this.#wantsSnapshot = !canResume
    if (canResume) {
      this.#next = has.after + 1
      this.#send({ type: 'resumed', ...this.#context.frames.clock(this.role) })
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
    const { frames } = this.#context
    const { frame, last } = frames.snapshot(this.role)
    this.#next = last + 1
    this.#connection.send(frame)
    // The snapshot may be some time old: this gives the present time.
    const { frame: since, next } = frames.events(this.role, this.#next)
    this.#next = next
    this.#connection.send(since)
  }

  #send(message: ServerMessage) {
    this.#connection.send(frameOf(message))
  }
}

/** Returns a message, or an error that names its fault. */
function readMessage(data: string): ClientMessage | string {
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return 'a message must be JSON'
  }
  const parsed = clientMessageSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return `not a message of protocol ${PROTOCOL_VERSION}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
}
