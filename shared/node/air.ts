/**
 * Keeps datagrams in the air while a link has a delay.
 *
 * The receiver serves the delay: a datagram leaves its sender at once and is in the air on its own, so a sender that
 * crashes, or is killed, takes nothing back. A receiver that ends loses all datagrams in the air to it, as on a real
 * link. Without delay no datagram waits here.
 */

import type { Random } from '../gossip/random.ts'
import { HEALTHY, type LinkCondition } from '../model/fault.ts'
import { toMicroseconds } from '../model/microseconds.ts'
import type { Platform, Timer } from './platform.ts'

/** Maximum number of datagrams in the air to one node; further ones are rejected and counted. */
const MAX_IN_THE_AIR = 20_000
/**
 * Minimum extra time in the air of a datagram that others should overtake, in ms; the maximum is three times as much.
 */
export const REORDER_AT_LEAST_MS = 50

export class Air {
  readonly #platform: Pick<Platform, 'after' | 'cancel'>
  readonly #timers = new Set<Timer>()

  constructor(platform: Pick<Platform, 'after' | 'cancel'>) {
    this.#platform = platform
  }

  /** Number of datagrams in the air. */
  get size(): number {
    return this.#timers.size
  }

  /**
   * Calls `arrive` after the delay, at once when it is 0. Returns false when too many datagrams are in the air already.
   */
  carry(delayMs: number, arrive: () => void): boolean {
    if (delayMs === 0) {
      arrive()
      return true
    }
    if (this.#timers.size >= MAX_IN_THE_AIR) return false
    const timer = this.#platform.after(delayMs, () => {
      this.#timers.delete(timer)
      arrive()
    })
    this.#timers.add(timer)
    return true
  }

  clear() {
    for (const timer of this.#timers) this.#platform.cancel(timer)
    this.#timers.clear()
  }
}

/** Returns whether chance decides the time in the air, so that only the receiver knows it. */
export const isChancy = ({ jitterMs, reorder }: LinkCondition): boolean => jitterMs > 0 || reorder > 0

/** Returns the maximum time that a datagram is in the air of a link, in ms, without reordering. */
export const longestInTheAir = ({ delayMs, jitterMs }: LinkCondition, linkDelayMs: number): number =>
  (delayMs ?? linkDelayMs) + jitterMs

/** Returns the time that one datagram is in the air of a link, in ms. */
export function timeInTheAir(link: LinkCondition | undefined, linkDelayMs: number, random: Random): number {
  const { delayMs, jitterMs, reorder } = link ?? HEALTHY
  const plain = delayMs ?? linkDelayMs
  const jitter = jitterMs === 0 ? 0 : jitterMs * random.next()
  const isOvertaken = reorder > 0 && random.next() * 100 < reorder
  const extra = isOvertaken ? Math.max(REORDER_AT_LEAST_MS, plain + jitterMs) * (1 + 2 * random.next()) : 0
  return toMicroseconds(plain + jitter + extra)
}
