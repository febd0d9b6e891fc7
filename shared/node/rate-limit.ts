/**
 * Limits how many datagrams of each sender a node parses: a token bucket for each UDP source port, asked before a
 * datagram is parsed. A flooding sender gets no more answers than its share, and the others are served as if it were
 * silent.
 *
 * The limit counts source ports and not the ports that datagrams claim, because a source port on this machine cannot be
 * forged. A sender that floods from hundreds of ports gets hundreds of shares, and the operating system chooses which
 * datagrams it discards when its buffer is full: both are beyond a program in user space.
 */
import { MAX_NODES } from '../model/lab-settings.ts'
import { type Rate, TokenBucket } from '../model/token-bucket.ts'

/** A datagram costs one token, and one more for each so many bytes. */
export const BYTES_PER_TOKEN = 1_024
/** Rate of datagrams from a neighbour that a node parses: room for a burst of ten thousand messages and more. */
export const NEIGHBOUR_RATE: Rate = { burst: 65_536, perSecond: 16_384 }
/** The same for each UDP port that is not a neighbour's. Foreign programs send from a port of the system's choice. */
export const STRANGER_RATE: Rate = { burst: 2_048, perSecond: 1_024 }
/** Maximum number of strangers that a node counts individually; all others share one allowance. */
export const MAX_RATED_SENDERS = 1_024

export class RateLimit {
  readonly #isNeighbour: (port: number) => boolean
  readonly #neighbours = new Map<number, TokenBucket>()
  /** In order of last use. */
  readonly #strangers = new Map<number, TokenBucket>()
  /** Shared by all strangers beyond that number. */
  #others: TokenBucket | undefined

  constructor(isNeighbour: (port: number) => boolean) {
    this.#isNeighbour = isNeighbour
  }

  /** Returns whether a datagram may be parsed. `now` is in ms and never decreases. */
  admits(port: number, bytes: number, now: number): boolean {
    const cost = 1 + Math.floor(bytes / BYTES_PER_TOKEN)
    return this.#bucketOf(port, now).take(cost, now)
  }

  /** Whether the node may process the rumors of a datagram: each one after the first costs as much as a datagram. */
  admitsRumors(port: number, rumors: number, now: number): boolean {
    return rumors < 2 || this.#bucketOf(port, now).take(rumors - 1, now)
  }

  #bucketOf(port: number, now: number): TokenBucket {
    const isNeighbour = this.#isNeighbour(port)
    const buckets = isNeighbour ? this.#neighbours : this.#strangers
    let bucket = buckets.get(port)
    // Only strangers are kept in the order of their last datagrams; neighbours are few.
    if (bucket && isNeighbour) return bucket
    if (!bucket && !this.#makeRoom(buckets, isNeighbour ? MAX_NODES : MAX_RATED_SENDERS, now)) {
      this.#others ??= new TokenBucket(STRANGER_RATE, now)
      return this.#others
    }
    bucket ??= new TokenBucket(isNeighbour ? NEIGHBOUR_RATE : STRANGER_RATE, now)
    buckets.delete(port)
    buckets.set(port, bucket)
    return bucket
  }

  /** Only a full bucket may be forgotten: else a flooder would get a new one by making others speak. */
  #makeRoom(buckets: Map<number, TokenBucket>, max: number, now: number): boolean {
    if (buckets.size < max) return true
    for (const [port, bucket] of buckets) {
      if (!bucket.isFull(now)) return false
      buckets.delete(port)
      return true
    }
    return false
  }
}
