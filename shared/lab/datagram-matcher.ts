/**
 * Matches the two ends of each datagram. The wire carries no id: equal bytes from one port to another are matched first
 * come, first served, and loopback keeps the order.
 */
import type { EventOf, NodeReport } from '../model/event.ts'
import { pairsIn } from '../model/event-memory.ts'

/** Maximum number of sent datagrams whose fate is not yet known. */
export const MAX_OPEN_DATAGRAMS = 50_000
/** Maximum number of origins in the statuses among them: the state of the lab keeps these statuses, 8 bytes an origin. */
export const MAX_OPEN_PAIRS = 4_000_000

export interface Open {
  readonly datagram: number
  readonly to: number
  readonly hash: number
  readonly sentAt: number
  readonly arrivesAt: number
  /** Origins that it names, if it is a status. */
  readonly pairs: number
}

/** Tolerance of timers, which have whole ms: a datagram may leave the air so much too early, in ms. */
const EARLY_BY_MS = 2

/**
 * A receiver's report of a datagram. `delayId` is the receiver's own id for one whose time in the air it has reported.
 */
type Arrival = Pick<Extract<NodeReport, { type: 'received' }>, 'from' | 'hash' | 'delayId'>

export class DatagramMatcher {
  /** By the receiver's port, then by sender and bytes; equal ones in order of sending. */
  readonly #open = new Map<number, Map<number, Open[]>>()
  /** In the air of their receiver, by its port and its `delayId`: these may overtake each other. */
  readonly #airborne = new Map<string, Open>()
  #count = 0
  #pairs = 0

  /** Follows a datagram that left `from`. Returns false when too many are in flight to follow one more. */
  send(from: number, hash: number, event: EventOf<'sent'>): boolean {
    const { n, at, to, delayMs } = event
    if (this.#count >= MAX_OPEN_DATAGRAMS || this.#pairs >= MAX_OPEN_PAIRS) return false
    const byKey = this.#openTo(to)
    const key = keyOf(from, hash)
    const open = byKey.get(key)
    const datagram = { datagram: n, to, hash, sentAt: at, arrivesAt: at + delayMs, pairs: pairsIn(event) }
    if (open) open.push(datagram)
    else byKey.set(key, [datagram])
    this.#bill(datagram)
    return true
  }

  /**
   * Returns the number of the event that sent what arrived at `to`, at `at`; undefined when it has not been reported
   * (yet). A datagram sent before `since` may have been lost, or have arrived without a report: it matches only if no
   * other does.
   */
  receive(arrival: Arrival, to: number, at: number, since: number): number | undefined {
    if (arrival.delayId === undefined) return this.#match(arrival, to, at, since)?.datagram
    const name = `${to}#${arrival.delayId}`
    const airborne = this.#airborne.get(name)
    this.#airborne.delete(name)
    if (airborne) this.#unbill(airborne)
    return airborne?.datagram
  }

  /** Does the same for a datagram that has reached its receiver, which keeps it in the air for `delayMs` more. */
  matchDelayed(arrival: Arrival, to: number, at: number, since: number, delayMs: number): number | undefined {
    const open = this.#match(arrival, to, Number.POSITIVE_INFINITY, since)
    if (open) {
      this.#airborne.set(`${to}#${arrival.delayId}`, { ...open, arrivesAt: at + delayMs })
      this.#bill(open)
    }
    return open?.datagram
  }

  #bill({ pairs }: Open) {
    this.#count += 1
    this.#pairs += pairs
  }

  #unbill({ pairs }: Open) {
    this.#count -= 1
    this.#pairs -= pairs
  }

  #openTo(port: number): Map<number, Open[]> {
    const known = this.#open.get(port)
    if (known) return known
    const byKey = new Map<number, Open[]>()
    this.#open.set(port, byKey)
    return byKey
  }

  /**
   * The first of equal ones that was sent since `since` and can have arrived by `at`; otherwise the last one before.
   */
  #match({ from, hash }: Arrival, to: number, at: number, since: number): Open | undefined {
    const key = keyOf(from, hash)
    const open = this.#open.get(to)?.get(key)
    if (!open) return undefined
    const datagram = takeFitting(open, at + EARLY_BY_MS, since)
    if (open.length === 0) this.#open.get(to)?.delete(key)
    if (datagram) this.#unbill(datagram)
    return datagram
  }

  clear() {
    this.#open.clear()
    this.#airborne.clear()
    this.#count = 0
    this.#pairs = 0
  }

  /** Removes and returns the wanted ones, in order of sending. */
  take(wanted: (datagram: Open) => boolean): Open[] {
    const taken: Open[] = []
    for (const [port, byKey] of this.#open) {
      for (const [key, open] of byKey) {
        if (!open.some(wanted)) continue
        const rest = open.filter((datagram) => !wanted(datagram))
        for (const datagram of open) if (wanted(datagram)) taken.push(datagram)
        if (rest.length === 0) byKey.delete(key)
        else byKey.set(key, rest)
      }
      // A node may answer any port, once.
      if (byKey.size === 0) this.#open.delete(port)
    }
    for (const [name, datagram] of this.#airborne) {
      if (!wanted(datagram)) continue
      taken.push(datagram)
      this.#airborne.delete(name)
    }
    for (const datagram of taken) this.#unbill(datagram)
    return taken.sort((a, b) => a.datagram - b.datagram)
  }
}

function takeFitting(open: Open[], by: number, since: number): Open | undefined {
  // The usual case, once for each datagram: it allocates no list.
  const first = open[0]
  if (first && first.sentAt >= since && first.arrivesAt <= by) return open.shift()
  const fitting = open.findIndex(({ sentAt, arrivesAt }) => sentAt >= since && arrivesAt <= by)
  const place = fitting >= 0 ? fitting : open.findLastIndex(({ arrivesAt }) => arrivesAt <= by)
  return open.splice(Math.max(0, place), 1)[0]
}

/**
 * A port has 16 bits and a hash 32: together they are an integer, which is cheaper to make and to look up than a text.
 */
const keyOf = (from: number, hash: number) => from * 2 ** 32 + hash
