/** Manages the pages that are connected to a lab: their number, and when each gets events. */
import type { Timer } from '../node/platform.ts'
import type { LastLab, Role } from '../wire/protocol.ts'
import { BEAT_EVERY_MS, POINTING_EVERY_MS } from '../wire/rhythm.ts'
import { Audience } from './audience.ts'
import { ClientSession, type SessionContext, type SessionPlatform } from './client-session.ts'
import type { Connection } from './connection.ts'
import type { Executor } from './executor.ts'
import { Frames } from './frames.ts'
import type { Lab } from './lab.ts'

/** Maximum number of connected pages. */
export const MAX_SESSIONS = 512
/** Maximum number of viewers among them: the presenter always gets in. */
export const MAX_VIEWERS = 480
/** Time between two batches of events to viewers, in ms: many small batches cost more to send than to encode. */
const FEED_VIEWERS_EVERY_MS = 40

export interface SessionsOptions {
  readonly lab: Lab
  readonly executor: Executor
  readonly platform: SessionPlatform
  /** The previous lab, if it left a recording. */
  readonly lastLab?: LastLab | undefined
}

export class Sessions {
  readonly #context: SessionContext
  readonly #sessions = new Set<ClientSession>()
  readonly #timers: readonly Timer[]
  /** Pace of the lab's time when it was last checked. */
  #rate: number
  /** Set only while there are sessions: the lab does extra work for a listener. */
  #stopListening: (() => void) | undefined

  constructor({ lab, executor, platform, lastLab }: SessionsOptions) {
    const frames = new Frames(lab, platform, lastLab)
    this.#context = { lab, executor, platform, frames, audience: new Audience(platform.now()) }
    this.#rate = lab.platform.rate()
    this.#timers = [
      platform.every(FEED_VIEWERS_EVERY_MS, () => this.#feed()),
      platform.every(POINTING_EVERY_MS, () => this.#sendLatest()),
      platform.every(BEAT_EVERY_MS, () => this.#beat()),
    ]
  }

  /** Accepts a page. Closes its connection and returns undefined when there is no room for it. */
  open(connection: Connection, role: Role): ClientSession | undefined {
    if (!this.#hasRoomFor(role)) {
      connection.close('full', 'too many browsers are connected; close one and try again')
      return undefined
    }
    const session = new ClientSession(connection, role, this.#context, () => this.#remove(session))
    this.#sessions.add(session)
    this.#stopListening ??= this.#context.lab.onRelease(() => this.#feedPresenters())
    return session
  }

  /** Ends all sessions. Each connection reports when it has ended. */
  close() {
    this.#listenNoMore()
    for (const timer of this.#timers) this.#context.platform.cancel(timer)
    for (const session of this.#sessions) session.close()
  }

  #remove(session: ClientSession) {
    this.#sessions.delete(session)
    if (this.#sessions.size === 0) this.#listenNoMore()
  }

  #listenNoMore() {
    this.#stopListening?.()
    this.#stopListening = undefined
  }

  #hasRoomFor(role: Role): boolean {
    if (this.#sessions.size >= MAX_SESSIONS) return false
    return role === 'presenter' || this.#viewers().length < MAX_VIEWERS
  }

  #viewers(): readonly ClientSession[] {
    return [...this.#sessions].filter(({ role }) => role === 'viewer')
  }

  #feed() {
    for (const session of this.#sessions) session.feed()
  }

  /** Presenters get events at once, because they act; viewers a moment later, many events at a time. */
  #feedPresenters() {
    for (const session of this.#sessions) if (session.role === 'presenter') session.feed()
  }

  #sendLatest() {
    this.sayRate()
    const { audience } = this.#context
    audience.count(this.#viewers().filter(({ hasJoined }) => hasJoined).length)
    for (const session of this.#sessions)
      session.sendLatest(session.role === 'viewer' ? audience.pointing : audience.size)
  }

  /** Sends a change of pace at once, also when no event reports it. */
  sayRate() {
    const rate = this.#context.lab.platform.rate()
    if (rate === this.#rate) return
    this.#rate = rate
    this.#beat()
  }

  /** A quiet lab sends its time, so that a page can tell it from one that does not respond. */
  #beat() {
    const frame = this.#context.frames.beat()
    for (const session of this.#sessions) session.beat(frame)
  }
}
