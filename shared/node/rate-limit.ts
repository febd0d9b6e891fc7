/**
 * How much of the node's attention each sender gets: a token bucket for each UDP source port, asked before a datagram
 * is looked into. So one that floods is answered no more than it may, and the others as if it were silent.
 *
 * It counts source ports and not the ports that datagrams claim, because a source port on this machine cannot be made
 * up. Who floods from hundreds of ports at once gets hundreds of shares, and what the operating system throws away
 * because its buffer is full nobody here can choose: both are beyond a program in user space.
 */
import { MAX_NODES } from '../model/lab-settings.ts'
import { type Rate, TokenBucket } from '../model/token-bucket.ts'

/** One datagram costs a node one token, and one more for each so many bytes. */
export const BYTES_PER_TOKEN = 1_024
/** Datagrams from a neighbour that a node looks into: room for a burst of ten thousand messages and more. */
export const NEIGHBOUR_RATE: Rate = { burst: 65_536, perSecond: 16_384 }
/** The same for each UDP port that is no neighbour's. Programs of others send from a port of the system's choice. */
export const STRANGER_RATE: Rate = { burst: 2_048, perSecond: 1_024 }
/** Strangers that a node counts one by one; all beyond share one allowance. */
export const MAX_RATED_SENDERS = 1_024

export class RateLimit {
  readonly #isNeighbour: (port: number) => boolean
  readonly #neighbours = new Map<number, TokenBucket>()
  /** In the order of last use. */
  readonly #strangers = new Map<number, TokenBucket>()
  /** For all strangers that there is no room for. */
  #others: TokenBucket | undefined

  constructor(isNeighbour: (port: number) => boolean) {
    this.#isNeighbour = isNeighbour
  }

  /** Whether a datagram may be looked into. `now` is in ms and never goes back. */
  admits(port: number, bytes: number, now: number): boolean {
    const cost = 1 + Math.floor(bytes / BYTES_PER_TOKEN)
    return this.#bucketOf(port, now).take(cost, now)
  }

  #bucketOf(port: number, now: number): TokenBucket {
    const isNeighbour = this.#isNeighbour(port)
    const buckets = isNeighbour ? this.#neighbours : this.#strangers
    let bucket = buckets.get(port)
    // Neighbours are few: only among strangers it matters who was heard last.
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

  /** Only a bucket that is full may go: else a flooder would get a new one by making others speak. */
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
