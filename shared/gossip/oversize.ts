import { RUMOR_FRAME_BYTES } from './limits.ts'
import type { Entry } from './log.ts'
import type { Origin } from './origin.ts'
import { byteLength } from './text.ts'
import type { Oversized } from './too-large.ts'

/**
 * Tracks messages that a node has and cannot forward: their rumors are larger than its system sends.
 *
 * Such a message blocks the later ones of its origin, for each peer that lacks it: the peer could show none of them.
 */
export class Oversize {
  readonly #port: number
  #most = Number.POSITIVE_INFINITY
  /** Sequence numbers in ascending order. */
  readonly #byOrigin = new Map<Origin, number[]>()

  /** `port` is that of the node that forwards. */
  constructor(port: number) {
    this.#port = port
  }

  /** Returns whether any message is too large. */
  get any(): boolean {
    return this.#byOrigin.size > 0
  }

  /** Sets the largest datagram from now on, in bytes. Forgets all noted messages. */
  limit(bytes: number) {
    this.#most = bytes
    this.#byOrigin.clear()
  }

  /** Returns why a new text cannot be sent by every node of this system, or undefined when it can. */
  ofText(wire: string): Oversized | undefined {
    return this.#isTooLarge(wire, RUMOR_FRAME_BYTES)
  }

  /** Notes a message if it is too large. Returns the size of its datagram in bytes, or undefined when it fits. */
  note({ origin, seq, text }: Entry): Oversized | undefined {
    const oversized = this.#isTooLarge(text, `rumor:${this.#port}:{,${origin},${seq}}`.length)
    if (oversized) {
      const seqs = this.#byOrigin.get(origin) ?? []
      seqs.splice(placeOf(seqs, seq), 0, seq)
      this.#byOrigin.set(origin, seqs)
    }
    return oversized
  }

  /** Returns whether a peer cannot get a message. `low` is the peer's lowest-not-seen. */
  blocks(origin: Origin, seq: number, low: number): boolean {
    const seqs = this.#byOrigin.get(origin) ?? []
    return (seqs[placeOf(seqs, low)] ?? Number.POSITIVE_INFINITY) <= seq
  }

  #isTooLarge(wire: string, frame: number): Oversized | undefined {
    // A UTF-16 unit is three bytes at most, so most texts need no counting.
    if (3 * wire.length + frame <= this.#most) return undefined
    const bytes = byteLength(wire) + frame
    return bytes > this.#most ? { bytes, most: this.#most } : undefined
  }
}

/** Returns the index of the first number that is not below `seq`. */
function placeOf(seqs: readonly number[], seq: number): number {
  let [low, high] = [0, seqs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((seqs[middle] ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
