import type { Identity } from './effects.ts'
import type { Origin } from './origin.ts'
import type { Peer } from './peer.ts'
import { Peers } from './peers.ts'

/** Keeps the neighbours of a node, and a record of the messages that each neighbour, and each stranger, has. */
export class Neighbourhood {
  #ports: readonly number[]
  #possible: readonly number[]
  readonly #peers = new Peers()
  readonly #isOwed: (port: number) => boolean

  /** `isOwed` says which peers wait for an answer and must not be forgotten. */
  constructor({ neighbours, possibleNeighbours = [] }: Identity, isOwed: (port: number) => boolean) {
    this.#ports = neighbours
    this.#possible = possibleNeighbours
    this.#isOwed = isOwed
  }

  get ports(): readonly number[] {
    return this.#ports
  }

  get possible(): readonly number[] {
    return this.#possible
  }

  has(port: number): boolean {
    return this.#ports.includes(port)
  }

  /** Turns a possible neighbour, which has sent a datagram, into a neighbour. Returns false if it was none. */
  adopt(port: number): boolean {
    if (!this.#possible.includes(port)) return false
    this.#possible = this.#possible.filter((possible) => possible !== port)
    this.#ports = [...this.#ports, port]
    return true
  }

  /** Replaces the neighbours. Returns the new ones. */
  replace(ports: readonly number[]): number[] {
    const added = ports.filter((port) => !this.has(port))
    this.#ports = ports
    return added
  }

  /** Returns the peers with a record. */
  known(): IterableIterator<Peer> {
    return this.#peers.all()
  }

  /** Returns the record of a peer, a new one if need be; undefined for a stranger if there is no room for one more. */
  peer(port: number): Peer | undefined {
    return this.#peers.find(port) ?? this.#peers.add(port, (kept) => this.has(kept) || this.#isOwed(kept))
  }

  /** Returns the neighbours, but for `except`, that are not known to have a message and have no rumor of it in flight. */
  without(origin: Origin, seq: number, except: number | undefined): number[] {
    return this.#ports.filter((port) => {
      if (port === except) return false
      const peer = this.#peers.find(port)
      return peer === undefined || !(peer.holds(origin, seq) || peer.isAwaited(origin, seq))
    })
  }

  /** Returns whether a rumor to the peer stayed unanswered and the peer has been silent since. */
  isSilent(port: number): boolean {
    return this.#peers.find(port)?.silent ?? false
  }
}
