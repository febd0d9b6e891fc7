/**
 * Where datagrams are on their way while a link has a delay.
 *
 * The delay is served by the receiver, not held back by the sender: a datagram leaves its sender at once and is in
 * the air on its own, so a sender that crashes, or is killed, takes nothing back that it has sent. A receiver that
 * ends loses what is in the air to it, as on a real link. Without delay nothing waits here.
 */

import type { Random } from '../gossip/random.ts'
import { HEALTHY, type LinkCondition } from '../model/fault.ts'
import { toMicroseconds } from '../model/microseconds.ts'
import type { Platform, Timer } from './platform.ts'

/** Datagrams in the air to one node; past it they are dropped and counted. */
const MAX_IN_THE_AIR = 20_000
/** Least extra time in the air of a datagram that is to be overtaken, in ms; at most three times as much. */
export const REORDER_AT_LEAST_MS = 50

export class Air {
  readonly #platform: Pick<Platform, 'after' | 'cancel'>
  readonly #timers = new Set<Timer>()

  constructor(platform: Pick<Platform, 'after' | 'cancel'>) {
    this.#platform = platform
  }

  /** Datagrams on their way. */
  get size(): number {
    return this.#timers.size
  }

  /** Calls `arrive` after the delay, at once when it is 0. False when too much is in the air already. */
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

/** Whether the time in the air is a matter of chance, so that only the receiver knows it. */
export const isChancy = ({ jitterMs, reorder }: LinkCondition): boolean => jitterMs > 0 || reorder > 0

/** How long one datagram is in the air of a link, in ms. */
export function timeInTheAir(link: LinkCondition | undefined, linkDelayMs: number, random: Random): number {
  const { delayMs, jitterMs, reorder } = link ?? HEALTHY
  const plain = delayMs ?? linkDelayMs
  const jitter = jitterMs === 0 ? 0 : jitterMs * random.next()
  const isOvertaken = reorder > 0 && random.next() * 100 < reorder
  const extra = isOvertaken ? Math.max(REORDER_AT_LEAST_MS, plain + jitterMs) * (1 + 2 * random.next()) : 0
  return toMicroseconds(plain + jitter + extra)
}
