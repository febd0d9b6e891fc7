import { MIN_RETRY_MS } from './limits.ts'
import { type Origin, portOf } from './origin.ts'
import type { Settings } from './settings.ts'
import type { Status } from './wire.ts'

/** A rumor that was sent to a peer and is not yet known to be held there. */
export interface Flight {
  readonly origin: Origin
  readonly seq: number
  readonly firstSentAt: number
  /** Place among all sendings to this peer: what was sent before something that arrived is lost. */
  order: number
  repeated: boolean
  /** Its ack timeout has passed. */
  doubted: boolean
}

/** What a node knows about another one: what it holds, as far as it told, and what is on the way to it. */
export class Peer {
  readonly port: number
  /** Lowest-not-seen per origin, as last heard. */
  known = new Map<Origin, number>()
  /** By message, in the order of first sending. */
  readonly flights = new Map<string, Flight>()
  /** When it was last heard of; undefined before the first time. */
  heardAt: number | undefined
  /** Nothing was heard of it since a rumor to it stayed without answer. */
  silent = false
  /** When an unanswered status is repeated to it, and how often that was done. */
  probe: { at: number; tries: number } | undefined
  #asked = new Map<Origin, { low: number; at: number }>()
  #retryAt = Number.POSITIVE_INFINITY
  #backoff = 0
  #roundTripMs: number | undefined
  #sendings = 0
  #newestArrived = 0

  constructor(port: number) {
    this.port = port
  }

  lowestNotSeen(origin: Origin): number {
    return this.known.get(origin) ?? 0
  }

  holds(origin: Origin, seq: number): boolean {
    return this.lowestNotSeen(origin) > seq
  }

  /** It sent us this message, so it holds it. */
  noteHeld(origin: Origin, seq: number) {
    if (seq === this.lowestNotSeen(origin)) this.known.set(origin, seq + 1)
  }

  onItsWay(origin: Origin, seq: number): boolean {
    const flight = this.flights.get(flightKey(origin, seq))
    return flight !== undefined && flight.order >= this.#newestArrived
  }

  noteSent(origin: Origin, seq: number, now: number, settings: Settings) {
    const key = flightKey(origin, seq)
    const flight = this.flights.get(key)
    this.#sendings += 1
    if (flight) {
      flight.order = this.#sendings
      flight.repeated = true
      return
    }
    this.flights.set(key, { origin, seq, firstSentAt: now, order: this.#sendings, repeated: false, doubted: false })
    if (this.flights.size === 1) this.#restartTimer(now, settings)
  }

  /** Takes in a status; gives the flights that it shows to have arrived. */
  noteStatus(status: Status, now: number, settings: Settings): Flight[] {
    const before = this.known
    this.known = status.partial ? new Map([...before, ...status.pairs]) : new Map(status.pairs)
    if (this.#isReborn(before)) this.flights.clear()
    this.heardAt = now
    const arrived: Flight[] = []
    for (const [key, flight] of this.flights) {
      if (!this.holds(flight.origin, flight.seq)) continue
      this.flights.delete(key)
      arrived.push(flight)
      this.#newestArrived = Math.max(this.#newestArrived, flight.order)
      if (!flight.repeated) this.#noteRoundTrip(now - flight.firstSentAt)
    }
    if (arrived.length > 0) this.#backoff = 0
    if (arrived.length > 0 || this.flights.size === 0) this.#restartTimer(now, settings)
    return arrived
  }

  /** Whether to ask for an origin; not again for the same gap within an ack timeout. */
  shouldAsk(origin: Origin, low: number, now: number, settings: Settings): boolean {
    const asked = this.#asked.get(origin)
    if (asked && asked.low === low && now - asked.at < settings.ackTimeoutMs) return false
    this.#asked.set(origin, { low, at: now })
    return true
  }

  /** The oldest unanswered rumor worth repeating when it is time to, with the timer set for the next time. */
  takeRetry(now: number, settings: Settings, isWorthIt: (flight: Flight) => boolean): Flight | undefined {
    if (now < this.#retryAt) return undefined
    this.#backoff += 1
    this.#restartTimer(now, settings)
    for (const flight of this.flights.values()) if (isWorthIt(flight)) return flight
    return undefined
  }

  /** The rumors whose ack timeout has just passed; those that stayed unanswered for good are given up. */
  takeDoubted(now: number, { ackTimeoutMs, retries }: Settings): Flight[] {
    const doubted: Flight[] = []
    for (const [key, flight] of this.flights) {
      if (now < flight.firstSentAt + ackTimeoutMs) break
      if (!flight.doubted) doubted.push(flight)
      flight.doubted = true
      if (now >= flight.firstSentAt + ackTimeoutMs * (1 + retries)) this.flights.delete(key)
    }
    return doubted
  }

  /** When this peer next needs attention, in ms. */
  wakeAt(settings: Settings): number {
    let at = Math.min(this.#retryAt, this.probe?.at ?? Number.POSITIVE_INFINITY)
    for (const flight of this.flights.values()) {
      at = Math.min(at, flight.firstSentAt + settings.ackTimeoutMs * (flight.doubted ? 1 + settings.retries : 1))
      if (!flight.doubted) break
    }
    return at
  }

  #noteRoundTrip(ms: number) {
    this.#roundTripMs = this.#roundTripMs === undefined ? ms : this.#roundTripMs * 0.875 + ms * 0.125
  }

  #restartTimer(now: number, { retries, ackTimeoutMs }: Settings) {
    if (retries === 0 || this.flights.size === 0) {
      this.#retryAt = Number.POSITIVE_INFINITY
      return
    }
    const first = this.#roundTripMs === undefined ? ackTimeoutMs : Math.max(MIN_RETRY_MS, 4 * this.#roundTripMs)
    this.#retryAt = now + Math.min(ackTimeoutMs, first * 2 ** Math.min(this.#backoff, 16))
  }

  /** Another life of the peer: what was on the way to the one before is gone. */
  #isReborn(before: ReadonlyMap<Origin, number>): boolean {
    if (this.heardAt === undefined) return true
    for (const [origin, low] of before) if (this.lowestNotSeen(origin) < low) return true
    const isItself = (origin: Origin) => portOf(origin) === this.port
    return [...before.keys()].some(isItself) && [...this.known.keys()].some((o) => isItself(o) && !before.has(o))
  }
}

const flightKey = (origin: Origin, seq: number) => `${origin}.${seq}`
