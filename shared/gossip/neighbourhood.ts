import type { Identity } from './effects.ts'
import type { Origin } from './origin.ts'
import type { Peer } from './peer.ts'
import { Peers } from './peers.ts'

/** Knows the neighbours of a node, and what each of them and each stranger that spoke has. */
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

  /** Makes a possible neighbour that speaks a neighbour. Returns true when it has just become one. */
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

  /** Returns undefined for a stranger if there is no room for one more. */
  peer(port: number): Peer | undefined {
    return this.#peers.find(port) ?? this.#peers.add(port, (kept) => this.has(kept) || this.#isOwed(kept))
  }

  /** Returns the neighbours that are not known to have a message, and have not just been sent it. */
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
