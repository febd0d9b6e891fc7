import { MAX_PEERS } from './limits.ts'
import { Peer } from './peer.ts'

/** Creates records of neighbours and strangers on demand. Forgets strangers when there are too many. */
export class Peers {
  readonly #byPort = new Map<number, Peer>()

  all(): IterableIterator<Peer> {
    return this.#byPort.values()
  }

  find(port: number): Peer | undefined {
    return this.#byPort.get(port)
  }

  /**
   * Returns undefined when there is no room because every stranger still has work pending. `isKept` says which must
   * stay.
   */
  add(port: number, isKept: (port: number) => boolean): Peer | undefined {
    if (this.#byPort.size >= MAX_PEERS && !isKept(port) && !this.#forgetOne(isKept)) return undefined
    const peer = new Peer(port)
    this.#byPort.set(port, peer)
    return peer
  }

  /** Forgets the stranger that was silent longest, of those without a rumor in flight. */
  #forgetOne(isKept: (port: number) => boolean): boolean {
    let quietest: Peer | undefined
    for (const peer of this.#byPort.values())
      if (
        !isKept(peer.port) &&
        peer.unacked.size === 0 &&
        (peer.heardAt ?? 0) < (quietest?.heardAt ?? Number.POSITIVE_INFINITY)
      )
        quietest = peer
    return quietest !== undefined && this.#byPort.delete(quietest.port)
  }
}
