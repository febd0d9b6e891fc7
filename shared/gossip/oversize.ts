import { RUMOR_FRAME_BYTES } from './limits.ts'
import type { Entry } from './log.ts'
import type { Origin } from './origin.ts'
import { byteLength } from './text.ts'

/** A datagram that is larger than what the operating system sends, in bytes. */
export interface Oversized {
  readonly bytes: number
  readonly most: number
}

export const cannotBeSent = ({ bytes, most }: Oversized): string =>
  `cannot be sent: ${bytes.toLocaleString('en')} bytes, this system sends at most ${most.toLocaleString('en')}`

/**
 * The messages that a node holds and cannot pass on: their rumors are larger than what its system sends.
 *
 * Such a message blocks those behind it in its origin, to each peer that lacks it: the peer could show none of them.
 */
export class Oversize {
  readonly #port: number
  #most = Number.POSITIVE_INFINITY
  /** Sequence numbers in ascending order. */
  readonly #byOrigin = new Map<Origin, number[]>()

  /** `port` is the one that passes on. */
  constructor(port: number) {
    this.#port = port
  }

  /** Whether there is any such message. */
  get any(): boolean {
    return this.#byOrigin.size > 0
  }

  /** The most bytes of a datagram from now on. Whatever was noted is forgotten. */
  limit(bytes: number) {
    this.#most = bytes
    this.#byOrigin.clear()
  }

  /** Returns why a new text cannot be sent by every node of this system, or undefined when it can. */
  ofText(wire: string): Oversized | undefined {
    return this.#isTooLarge(wire, RUMOR_FRAME_BYTES)
  }

  /** Notes a message if it is too large, and returns by how much; else undefined. */
  note({ origin, seq, text }: Entry): Oversized | undefined {
    const oversized = this.#isTooLarge(text, `rumor:${this.#port}:{,${origin},${seq}}`.length)
    if (oversized) {
      const seqs = this.#byOrigin.get(origin) ?? []
      seqs.splice(placeOf(seqs, seq), 0, seq)
      this.#byOrigin.set(origin, seqs)
    }
    return oversized
  }

  /** Whether a peer cannot be sent a message. `low` is the peer's lowest-not-seen. */
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

/** Returns where the first number that is not below `seq` stands. */
function placeOf(seqs: readonly number[], seq: number): number {
  let [low, high] = [0, seqs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((seqs[middle] ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
