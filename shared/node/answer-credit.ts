/**
 * What a node sends to strangers, beside what they send to it. A short status can call forth a window of long rumors,
 * and it may name any port as its sender: without a bound a node would be an amplifier, pointed at a third party. As
 * in QUIC (RFC 9000, 8.1) an address that has not proven itself gets a multiple of the bytes that came in its name.
 * Neighbours are exempt: the window bounds what is on the way to them.
 */
import { MAX_RATED_SENDERS } from './rate-limit.ts'

/** Bytes that a node sends a stranger at most for each byte that came in its name. */
export const ANSWER_BYTES_PER_BYTE = 64
/** Most credit that a stranger can have, in bytes. */
export const MAX_ANSWER_CREDIT_BYTES = 262_144

export class AnswerCredit {
  /** Bytes by port, in the order of last earning. */
  readonly #credit = new Map<number, number>()

  earn(port: number, bytes: number) {
    const before = this.#credit.get(port) ?? 0
    this.#credit.delete(port)
    this.#credit.set(port, Math.min(MAX_ANSWER_CREDIT_BYTES, before + bytes * ANSWER_BYTES_PER_BYTE))
    // The one that has been quiet longest earns anew when it speaks again.
    for (const [oldest] of this.#credit) {
      if (this.#credit.size <= MAX_RATED_SENDERS) break
      this.#credit.delete(oldest)
    }
  }

  /** False when it would be more than what was earned. */
  spend(port: number, bytes: number): boolean {
    const left = (this.#credit.get(port) ?? 0) - bytes
    if (left < 0) return false
    this.#credit.set(port, left)
    return true
  }
}
