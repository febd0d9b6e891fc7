/**
 * Where datagrams are on their way while a link has a delay.
 *
 * The delay is served by the receiver, not held back by the sender: a datagram leaves its sender at once and is in
 * the air on its own, so a sender that crashes, or is killed, takes nothing back that it has sent. A receiver that
 * ends loses what is in the air to it, as on a real link. Without delay nothing waits here.
 */
import { MAX_IN_THE_AIR } from '../../shared/limits.ts'

export class Air {
  readonly #timers = new Set<NodeJS.Timeout>()

  /** Calls `arrive` after the delay, at once when it is 0. False when too much is in the air already. */
  carry(delayMs: number, arrive: () => void): boolean {
    if (delayMs === 0) {
      arrive()
      return true
    }
    if (this.#timers.size >= MAX_IN_THE_AIR) return false
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      arrive()
    }, delayMs)
    this.#timers.add(timer)
    return true
  }

  clear() {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
