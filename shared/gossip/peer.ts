import { MAX_AHEAD, MAX_ORIGINS, MIN_RETRY_MS, MIN_RETRY_TO_AWAKE_MS } from './limits.ts'
import { generationOf, type Origin, portOf } from './origin.ts'
import { RoundTrip } from './round-trip.ts'
import type { Settings } from './settings.ts'
import type { Status } from './wire.ts'

/** A rumor that was sent to a peer and that no status has acknowledged yet. */
export interface Unacked {
  readonly origin: Origin
  readonly seq: number
  readonly firstSentAt: number
  lastSentAt: number
  repeated: boolean
  /** Set once its ack timeout has passed. */
  ackTimedOut: boolean
}

/** A peer's report on an origin: its lowest number not seen, and when it first reported that number. */
interface Told {
  readonly low: number
  readonly at: number
}

/**
 * Records what a node knows of a peer: the messages that the peer has, as far as it reported, and the rumors in flight
 * to it.
 *
 * All times are in ms. The caller owns the clock, and `now` never decreases from call to call.
 *
 * Invariants:
 * - `unacked` is in ascending order of `firstSentAt`, and the rumors with `ackTimedOut` come first.
 * - After `noteStatus`, `unacked` has no rumor that the peer is known to have.
 * - `lowestNotSeen` only rises within a life of the peer; a status lowers it only an ack timeout after the higher
 *   report.
 * - A new life of the peer starts with nothing in `lacked`, `#ahead` and `#asked`.
 * - `pendingStatus` is undefined once the peer has spoken since that status.
 * - Bounds: `#ahead` has at most `MAX_AHEAD` messages, `#asked` at most `MAX_ORIGINS` origins.
 */
export class Peer {
  readonly port: number
  /** By message, in order of first sending. */
  readonly unacked = new Map<string, Unacked>()
  /** Time of its last datagram; undefined before the first one. */
  heardAt: number | undefined
  /** Whether the peer has been silent since a rumor to it stayed unanswered. */
  silent = false
  /** Whether the peer's last status offers to take several rumors in one datagram. */
  takesBatches = false
  /** Origins that the peer was last found to lack messages of. */
  lacked: readonly Origin[] = NONE
  /** A status that the peer should answer: when it was first sent, when to repeat it, and how often it was repeated. */
  pendingStatus: { readonly since: number; readonly at: number; readonly tries: number } | undefined
  readonly #known = new Map<Origin, Told>()
  /** Messages that the peer sent from beyond a gap in its reports; later reports may cover some of them. */
  #ahead: Set<string> | undefined
  /** Size of `#ahead` at which `#sweep` removes the covered ones. */
  #sweepAt = SWEEP_AT_LEAST
  /** The peer's generation, as last reported. */
  #life: number | undefined
  #lifeHeardAt = 0
  #asked: Map<Origin, Told> | undefined
  readonly #roundTrip = new RoundTrip()
  /** Time of the last change of the link to the peer, in ms; datagrams sent before do not measure it. */
  #linkChangedAt = Number.NEGATIVE_INFINITY
  #retryAt = Number.POSITIVE_INFINITY
  #backoff = 0
  /** Number of consecutive answers that covered only repeated rumors. */
  #unclean = 0

  constructor(port: number) {
    this.port = port
  }

  /** Returns the number that the peer last reported; 0 for an origin that it never named. */
  lowestNotSeen(origin: Origin): number {
    return this.#known.get(origin)?.low ?? 0
  }

  holds(origin: Origin, seq: number): boolean {
    return this.lowestNotSeen(origin) > seq || (this.#ahead?.has(unackedKey(origin, seq)) ?? false)
  }

  /** Notes that the peer sent this message, and so has it. */
  noteHeld(origin: Origin, seq: number, now: number) {
    const low = this.lowestNotSeen(origin)
    if (seq === low) this.#known.set(origin, { low: seq + 1, at: now })
    if (seq <= low) return
    this.#ahead ??= new Set()
    if (this.#ahead.size >= this.#sweepAt) this.#sweep(this.#ahead)
    this.#ahead.add(unackedKey(origin, seq))
  }

  /** Runs only when `#ahead` has doubled: a sweep with every status would take as long as all other work. */
  #sweep(ahead: Set<string>) {
    for (const key of ahead) {
      const [origin, seq] = key.split('.')
      if (this.lowestNotSeen(Number(origin)) > Number(seq)) ahead.delete(key)
    }
    if (ahead.size >= MAX_AHEAD) ahead.clear()
    this.#sweepAt = Math.min(MAX_AHEAD, Math.max(SWEEP_AT_LEAST, 2 * ahead.size))
  }

  /**
   * Returns whether a rumor was sent so recently that the peer's latest status may not cover it. A status names nothing
   * beyond a gap: after a round trip only the rumor that would fill the gap is known to be lost. Those beyond it may
   * well have arrived, and get more time. A message that the peer itself sent from beyond the gap need not go back.
   */
  onItsWay(origin: Origin, seq: number, now: number, settings: Settings): boolean {
    const key = unackedKey(origin, seq)
    if (seq > this.lowestNotSeen(origin) && this.#ahead?.has(key)) return true
    const unacked = this.unacked.get(key)
    if (unacked === undefined) return false
    if (seq > this.lowestNotSeen(origin)) return now < unacked.lastSentAt + this.#roundTrip.retryMs(0, settings)
    return this.#roundTrip.isKnown && now < unacked.lastSentAt + this.#roundTrip.patienceMs(settings)
  }

  /** Returns whether a rumor was sent, and neither answered nor given up. */
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

  /** Restarts the measurement: from now on a round trip takes `roundTripMs`, or a little more. */
  noteLinkChange(roundTripMs: number, now: number, settings: Settings) {
    this.#linkChangedAt = now
    this.#roundTrip.restart(roundTripMs)
    this.#backoff = 0
    this.#unclean = 0
    this.#restartTimer(now, settings)
  }

  /** Notes that the peer spoke: a question to it need not be repeated, and its answer measures the link. */
  noteHeard(now: number) {
    const { pendingStatus } = this
    if (pendingStatus?.tries === 0 && pendingStatus.since > this.#linkChangedAt)
      this.#roundTrip.noteRoughly(now - pendingStatus.since)
    this.pendingStatus = undefined
    this.silent = false
  }

  /**
   * Takes in a status. Returns the unacknowledged rumors that it acknowledges, and whether it begins a life of the
   * peer. Returns undefined if a status of a later life has overtaken it.
   */
  noteStatus(status: Status, now: number, settings: Settings): { arrived: Unacked[]; isNewLife: boolean } | undefined {
    const life = this.#lifeIn(status)
    const isNewLife = life !== this.#life
    // A status of an older life was overtaken by one of the newer life, unless the newer life has fallen silent.
    if (isNewLife && life < (this.#life ?? 0) && now < this.#lifeHeardAt + settings.ackTimeoutMs) return undefined
    this.#life = life
    this.#lifeHeardAt = now
    this.takesBatches = status.takesBatches ?? false
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

  /** Returns whether the peer spoke in this life, or in a later one. */
  isIn(generation: number): boolean {
    return this.#life !== undefined && this.#life >= generation
  }

  /** Notes that the peer has begun another life: it has no messages, and no rumor is in flight to it. */
  forget() {
    this.lacked = NONE
    this.takesBatches = false
    this.#known.clear()
    this.#ahead = undefined
    this.#asked = undefined
    this.unacked.clear()
  }

  /** Returns the generation that a status names for its sender, or else the known one. */
  #lifeIn({ pairs }: Status): number {
    let life: number | undefined
    for (const [origin] of pairs) if (portOf(origin) === this.port) life = Math.max(life ?? 0, generationOf(origin))
    return life ?? this.#life ?? 0
  }

  #beginLife({ pairs }: Status, now: number) {
    this.lacked = NONE
    this.#known.clear()
    for (const [origin, low] of pairs) this.#known.set(origin, { low, at: now })
    this.#ahead = undefined
    this.#asked = undefined
  }

  /**
   * Updates `#known` from a status. Returns whether the peer has less than before. A decrease is believed only an ack
   * timeout after the higher report: a sooner one probably comes from an overtaken status. A real decrease happens when
   * a program without generations restarts.
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

  /** Removes and returns the rumors that have arrived. */
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
   * Measures the link by an answer to rumors that were sent once, after the link last changed, and not delayed by a
   * gap.
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
    // If no rumor arrives at the first try, the round trip has become longer: keep the backoff until a clean answer
    // measures it.
    if (this.#unclean < MAX_UNCLEAN) this.#backoff = 0
  }

  /**
   * Forgets the rumors in flight to an earlier life, which are lost. A rumor that left just now may still arrive, and a
   * retry repeats it if not.
   */
  #loseFlights(now: number, { retries }: Settings) {
    for (const [key, { lastSentAt }] of this.unacked)
      if (retries === 0 || now >= lastSentAt + MIN_RETRY_MS) this.unacked.delete(key)
  }

  /** Returns whether to ask for an origin: not again for the same gap within an ack timeout. */
  shouldAsk(origin: Origin, low: number, now: number, { ackTimeoutMs }: Settings): boolean {
    this.#asked ??= new Map()
    const asked = this.#asked.get(origin)
    if (asked && asked.low === low && now < asked.at + ackTimeoutMs) return false
    if (this.#asked.size >= MAX_ORIGINS) this.#asked.clear()
    this.#asked.set(origin, { low, at: now })
    return true
  }

  /** Returns the oldest unanswered rumor worth repeating if the timer is due, and restarts the timer. */
  takeRetry(now: number, settings: Settings, isWorthIt: (unacked: Unacked) => boolean): Unacked | undefined {
    if (now < this.#retryAt) return undefined
    this.#backoff += 1
    this.#restartTimer(now, settings)
    for (const unacked of this.unacked.values()) if (isWorthIt(unacked)) return unacked
    return undefined
  }

  /** Returns the rumors whose ack timeout has just passed, and gives up those beyond their last retry. */
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

  /** Returns when this peer next needs attention, in ms. */
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

const NONE: readonly Origin[] = []

/** Number of messages beyond gaps below which a sweep is not worth its time. */
const SWEEP_AT_LEAST = 64

/** Number of consecutive unclean answers that are no longer chance. */
const MAX_UNCLEAN = 5

const unackedKey = (origin: Origin, seq: number) => `${origin}.${seq}`
