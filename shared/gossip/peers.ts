import { MAX_PEERS } from './limits.ts'
import { Peer } from './peer.ts'

/** The records of neighbours and strangers, made at need. Strangers are forgotten when there are too many. */
export class Peers {
  readonly #byPort = new Map<number, Peer>()

  all(): IterableIterator<Peer> {
    return this.#byPort.values()
  }

  find(port: number): Peer | undefined {
    return this.#byPort.get(port)
  }

  /** Undefined when there is no room: every stranger is still being dealt with. `isKept` says who must stay. */
  add(port: number, isKept: (port: number) => boolean): Peer | undefined {
    if (this.#byPort.size >= MAX_PEERS && !isKept(port) && !this.#forgetOne(isKept)) return undefined
    const peer = new Peer(port)
    this.#byPort.set(port, peer)
    return peer
  }

  /** Forgets the stranger that was silent longest, of those that nothing is on the way to. */
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
