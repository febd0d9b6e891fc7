/**
 * Enforces the amplification limit: bounds what a node sends to strangers by what they sent. A short status can cause a
 * window of long rumors, and may name any port as its sender: without a bound an attacker could use the node as an
 * amplifier against a third party. As in QUIC (RFC 9000, 8.1) an unverified address gets a multiple of the bytes that
 * came in its name. Neighbours are exempt: the window bounds the rumors in flight to them.
 */
import { MAX_RATED_SENDERS } from './rate-limit.ts'

/** Maximum number of bytes that a node sends a stranger for each byte that came in its name. */
export const ANSWER_BYTES_PER_BYTE = 64
/** Maximum credit of a stranger, in bytes. */
export const MAX_ANSWER_CREDIT_BYTES = 262_144

export class AnswerCredit {
  /** Bytes by port, in the order of last earning. */
  readonly #credit = new Map<number, number>()

  earn(port: number, bytes: number) {
    const before = this.#credit.get(port) ?? 0
    this.#credit.delete(port)
    this.#credit.set(port, Math.min(MAX_ANSWER_CREDIT_BYTES, before + bytes * ANSWER_BYTES_PER_BYTE))
    // Forgets the stranger that was quiet longest; it earns credit again when it speaks.
    for (const [oldest] of this.#credit) {
      if (this.#credit.size <= MAX_RATED_SENDERS) break
      this.#credit.delete(oldest)
    }
  }

  /** Takes credit. Returns false when the bytes exceed it. */
  spend(port: number, bytes: number): boolean {
    const left = (this.#credit.get(port) ?? 0) - bytes
    if (left < 0) return false
    this.#credit.set(port, left)
    return true
  }
}
