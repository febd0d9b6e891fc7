import { MAX_AHEAD, MAX_ORIGINS, MIN_RETRY_MS, MIN_RETRY_TO_AWAKE_MS } from './limits.ts'
import { generationOf, type Origin, portOf } from './origin.ts'
import { RoundTrip } from './round-trip.ts'
import type { Settings } from './settings.ts'
import type { Status } from './wire.ts'

/** A rumor that was sent to a peer and is not yet known to be held there. */
export interface Unacked {
  readonly origin: Origin
  readonly seq: number
  readonly firstSentAt: number
  lastSentAt: number
  repeated: boolean
  /** Its ack timeout has passed. */
  ackTimedOut: boolean
}

/** A peer's word on an origin: the lowest number it has not seen, and when it first said so. */
interface Told {
  readonly low: number
  readonly at: number
}

/** A node's knowledge of another one: the messages it holds, as far as it told, and those on the way to it. */
export class Peer {
  readonly port: number
  /** By message, in the order of first sending. */
  readonly unacked = new Map<string, Unacked>()
  /** When it was last heard of; undefined before the first time. */
  heardAt: number | undefined
  /** Nothing was heard of it since a rumor to it stayed without answer. */
  silent = false
  /** Origins that it was last found to lack messages of. */
  lacked: ReadonlySet<Origin> = NONE
  /** A status that it should answer: when it was first sent, when it is repeated, and how often that was done. */
  pendingStatus: { readonly since: number; readonly at: number; readonly tries: number } | undefined
  readonly #known = new Map<Origin, Told>()
  /** Messages that it sent us from beyond a gap of what it told; some of them may be in what it told by now. */
  readonly #ahead = new Set<string>()
  /** Size of `#ahead` at which it is looked through for those. */
  #sweepAt = SWEEP_AT_LEAST
  /** Its generation, as last heard. */
  #life: number | undefined
  #lifeHeardAt = 0
  readonly #asked = new Map<Origin, Told>()
  readonly #roundTrip = new RoundTrip()
  /** When the link to it last changed, in ms; what was sent before does not measure it. */
  #linkChangedAt = Number.NEGATIVE_INFINITY
  #retryAt = Number.POSITIVE_INFINITY
  #backoff = 0
  /** Answers in a row to what had been repeated. */
  #unclean = 0

  constructor(port: number) {
    this.port = port
  }

  /** As last heard. */
  lowestNotSeen(origin: Origin): number {
    return this.#known.get(origin)?.low ?? 0
  }

  holds(origin: Origin, seq: number): boolean {
    return this.lowestNotSeen(origin) > seq || (this.#ahead.size > 0 && this.#ahead.has(unackedKey(origin, seq)))
  }

  /** It sent us this message, so it holds it. */
  noteHeld(origin: Origin, seq: number, now: number) {
    const low = this.lowestNotSeen(origin)
    if (seq === low) this.#known.set(origin, { low: seq + 1, at: now })
    if (seq <= low) return
    if (this.#ahead.size >= this.#sweepAt) this.#sweep()
    this.#ahead.add(unackedKey(origin, seq))
  }

  /**
   * Only when they have become twice as many: to look at all of them with every status would take as long as the rest.
   */
  #sweep() {
    for (const key of this.#ahead) {
      const [origin, seq] = key.split('.')
      if (this.lowestNotSeen(Number(origin)) > Number(seq)) this.#ahead.delete(key)
    }
    if (this.#ahead.size >= MAX_AHEAD) this.#ahead.clear()
    this.#sweepAt = Math.min(MAX_AHEAD, Math.max(SWEEP_AT_LEAST, 2 * this.#ahead.size))
  }

  /**
   * Sent so lately that the status just taken in may not know of it. A status tells of nothing beyond a gap: only the
   * rumor that would fill the gap is known to be lost as soon as a round trip has passed; those beyond it may well
   * have arrived, and are given longer. What the peer itself sent from beyond the gap need not go back.
   */
  onItsWay(origin: Origin, seq: number, now: number, settings: Settings): boolean {
    const key = unackedKey(origin, seq)
    if (seq > this.lowestNotSeen(origin) && this.#ahead.has(key)) return true
    const unacked = this.unacked.get(key)
    if (unacked === undefined) return false
    if (seq > this.lowestNotSeen(origin)) return now < unacked.lastSentAt + this.#roundTrip.retryMs(0, settings)
    return this.#roundTrip.isKnown && now < unacked.lastSentAt + this.#roundTrip.patienceMs(settings)
  }

  /** Sent, and neither answered nor given up. */
  isAwaited(origin: Origin, seq: number): boolean {
    return this.unacked.size > 0 && this.unacked.has(unackedKey(origin, seq))
  }

  noteSent(origin: Origin, seq: number, now: number, settings: Settings) {
    const key = unackedKey(origin, seq)
    const unacked = this.unacked.get(key)
    if (unacked) {
      unacked.lastSentAt = now
      unacked.repeated = true
      return
    }
    this.unacked.set(key, { origin, seq, firstSentAt: now, lastSentAt: now, repeated: false, ackTimedOut: false })
    if (this.unacked.size === 1) this.#restartTimer(now, settings)
  }

  /** Begins to measure anew: the link takes another time from now on, `roundTripMs` there and back or a little more. */
  noteLinkChange(roundTripMs: number, now: number, settings: Settings) {
    this.#linkChangedAt = now
    this.#roundTrip.restart(roundTripMs)
    this.#backoff = 0
    this.#unclean = 0
    this.#restartTimer(now, settings)
  }

  /** It spoke: a question to it need not be repeated, and tells how far away it is. */
  noteHeard(now: number) {
    const { pendingStatus } = this
    if (pendingStatus?.tries === 0 && pendingStatus.since > this.#linkChangedAt)
      this.#roundTrip.noteRoughly(now - pendingStatus.since)
    this.pendingStatus = undefined
    this.silent = false
  }

  /**
   * Takes in a status. Returns the unacknowledged rumors that it shows to have arrived, and whether it begins a life of the peer;
   * undefined for one that a later life has overtaken.
   */
  noteStatus(status: Status, now: number, settings: Settings): { arrived: Unacked[]; isNewLife: boolean } | undefined {
    const life = this.#lifeIn(status)
    const isNewLife = life !== this.#life
    // A status of an older life was overtaken by one of the newer, unless the newer one has fallen silent.
    if (isNewLife && life < (this.#life ?? 0) && now < this.#lifeHeardAt + settings.ackTimeoutMs) return undefined
    this.#life = life
    this.#lifeHeardAt = now
    if (isNewLife) this.#beginLife(status, now)
    const forgot = isNewLife || this.#learn(status, now, settings)
    const arrived = this.#land()
    if (forgot) this.#loseFlights(now, settings)
    if (arrived.length > 0) this.#noteRoundTrip(arrived, now)
    if (arrived.length > 0 || this.unacked.size === 0) this.#restartTimer(now, settings)
    const soon = Math.max(MIN_RETRY_TO_AWAKE_MS, this.#roundTrip.patienceMs(settings))
    if (this.#retryAt < Number.POSITIVE_INFINITY) this.#retryAt = Math.min(this.#retryAt, now + soon)
    return { arrived, isNewLife }
  }

  /** Whether it was heard in this life, or in a later one. */
  isIn(generation: number): boolean {
    return this.#life !== undefined && this.#life >= generation
  }

  /** It has begun another life: it holds nothing, and nothing is on the way to it. */
  forget() {
    this.lacked = NONE
    this.#known.clear()
    this.#ahead.clear()
    this.#asked.clear()
    this.unacked.clear()
  }

  /** The generation that a status tells of; where it does not tell, the one known. */
  #lifeIn({ pairs }: Status): number {
    const own = pairs.filter(([origin]) => portOf(origin) === this.port).map(([origin]) => generationOf(origin))
    return own.length > 0 ? Math.max(...own) : (this.#life ?? 0)
  }

  #beginLife({ pairs }: Status, now: number) {
    this.lacked = NONE
    this.#known.clear()
    for (const [origin, low] of pairs) this.#known.set(origin, { low, at: now })
    this.#ahead.clear()
    this.#asked.clear()
  }

  /**
   * Takes what a status says over what was known; gives whether the peer holds less than it did. That is believed
   * only when the more was told an ack timeout ago: sooner, the status has probably been overtaken by another. It
   * happens when a program without generations starts again.
   */
  #learn({ pairs, partial }: Status, now: number, { ackTimeoutMs }: Settings): boolean {
    let forgot = false
    const learn = (origin: Origin, low: number) => {
      const told = this.#known.get(origin)
      if (told && (low === told.low || (low < told.low && now < told.at + ackTimeoutMs))) return
      if (told && low < told.low) forgot = true
      this.#known.set(origin, { low, at: now })
    }
    // A stranger's partial statuses must not fill the memory.
    if (this.#known.size > MAX_ORIGINS) this.#known.clear()
    for (const [origin, low] of pairs) learn(origin, low)
    if (partial || this.#known.size === pairs.length) return forgot
    const named = new Set(pairs.map(([origin]) => origin))
    for (const origin of this.#known.keys()) if (!named.has(origin)) learn(origin, 0)
    return forgot
  }

  /** Takes out the rumors that have arrived. */
  #land(): Unacked[] {
    const arrived: Unacked[] = []
    for (const [key, unacked] of this.unacked) {
      if (!this.holds(unacked.origin, unacked.seq)) continue
      this.unacked.delete(key)
      arrived.push(unacked)
    }
    return arrived
  }

  /**
   * Only an answer to what was sent once, and not held up by a gap that had to be filled, measures the link; and only
   * to what was sent since the link last changed.
   */
  #noteRoundTrip(arrived: readonly Unacked[], now: number) {
    let lastSentAt = 0
    let repeated = 0
    for (const unacked of arrived) {
      lastSentAt = Math.max(lastSentAt, unacked.lastSentAt)
      if (unacked.repeated) repeated += 1
    }
    if (lastSentAt > this.#linkChangedAt) {
      if (repeated === 0) this.#roundTrip.note(now - lastSentAt)
      else this.#roundTrip.noteRoughly(now - lastSentAt)
    }
    this.#unclean = repeated < arrived.length ? 0 : this.#unclean + 1
    // When nothing arrives at the first try the way has become longer: stay as slow until a clean answer measures it.
    if (this.#unclean < MAX_UNCLEAN) this.#backoff = 0
  }

  /**
   * Forgets the rumors on the way to an earlier life, which are lost; one that left just now may still arrive, if a
   * retry takes care of it.
   */
  #loseFlights(now: number, { retries }: Settings) {
    for (const [key, { lastSentAt }] of this.unacked)
      if (retries === 0 || now >= lastSentAt + MIN_RETRY_MS) this.unacked.delete(key)
  }

  /** Whether to ask for an origin; not again for the same gap within an ack timeout. */
  shouldAsk(origin: Origin, low: number, now: number, { ackTimeoutMs }: Settings): boolean {
    const asked = this.#asked.get(origin)
    if (asked && asked.low === low && now < asked.at + ackTimeoutMs) return false
    if (this.#asked.size >= MAX_ORIGINS) this.#asked.clear()
    this.#asked.set(origin, { low, at: now })
    return true
  }

  /** The oldest unanswered rumor worth repeating when it is time to, with the timer set for the next time. */
  takeRetry(now: number, settings: Settings, isWorthIt: (unacked: Unacked) => boolean): Unacked | undefined {
    if (now < this.#retryAt) return undefined
    this.#backoff += 1
    this.#restartTimer(now, settings)
    for (const unacked of this.unacked.values()) if (isWorthIt(unacked)) return unacked
    return undefined
  }

  /** The rumors whose ack timeout has just passed; those that stayed unanswered for good are given up. */
  takeTimedOut(now: number, { ackTimeoutMs, retries }: Settings): Unacked[] {
    const timedOut: Unacked[] = []
    for (const [key, unacked] of this.unacked) {
      if (now < unacked.firstSentAt + ackTimeoutMs) break
      if (!unacked.ackTimedOut) timedOut.push(unacked)
      unacked.ackTimedOut = true
      if (now >= unacked.firstSentAt + ackTimeoutMs * (1 + retries)) this.unacked.delete(key)
    }
    return timedOut
  }

  /** When this peer next needs attention, in ms. */
  wakeAt(settings: Settings): number {
    let at = this.pendingStatus?.at ?? Number.POSITIVE_INFINITY
    if (this.unacked.size === 0) return at
    at = Math.min(at, this.#retryAt)
    for (const unacked of this.unacked.values()) {
      at = Math.min(at, unacked.firstSentAt + settings.ackTimeoutMs * (unacked.ackTimedOut ? 1 + settings.retries : 1))
      if (!unacked.ackTimedOut) break
    }
    return at
  }

  #restartTimer(now: number, settings: Settings) {
    const idle = settings.retries === 0 || this.unacked.size === 0
    this.#retryAt = idle ? Number.POSITIVE_INFINITY : now + this.#roundTrip.retryMs(this.#backoff, settings)
  }
}

const NONE: ReadonlySet<Origin> = new Set()

/** Messages from beyond gaps below which looking through them is not worth while. */
const SWEEP_AT_LEAST = 64

/** Answers in a row to what had been repeated, past which it is not chance. */
const MAX_UNCLEAN = 5

const unackedKey = (origin: Origin, seq: number) => `${origin}.${seq}`
