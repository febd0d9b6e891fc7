import type { Identity } from './effects.ts'
import type { Origin } from './origin.ts'
import type { Peer } from './peer.ts'
import { Peers } from './peers.ts'

/** Whom a node gossips with, and what it knows of them and of strangers that spoke to it. */
export class Neighbourhood {
  #ports: readonly number[]
  #possible: readonly number[]
  readonly #peers = new Peers()
  readonly #isOwed: (port: number) => boolean

  /** `isOwed` says who is waiting for an answer and must not be forgotten. */
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

  /** A possible neighbour that speaks is a neighbour. True when it has just become one. */
  adopt(port: number): boolean {
    if (!this.#possible.includes(port)) return false
    this.#possible = this.#possible.filter((possible) => possible !== port)
    this.#ports = [...this.#ports, port]
    return true
  }

  /** Gives those that are new. */
  replace(ports: readonly number[]): number[] {
    const added = ports.filter((port) => !this.has(port))
    this.#ports = ports
    return added
  }

  /** Those of whom anything is known. */
  known(): IterableIterator<Peer> {
    return this.#peers.all()
  }

  /** Undefined when it is a stranger and there is no room for one more. */
  peer(port: number): Peer | undefined {
    return this.#peers.find(port) ?? this.#peers.add(port, (kept) => this.has(kept) || this.#isOwed(kept))
  }

  /** Neighbours that are not known to have a message, and have not just been sent it. */
  without(origin: Origin, seq: number, except: number | undefined): number[] {
    return this.#ports.filter((port) => {
      if (port === except) return false
      const peer = this.#peers.find(port)
      return peer === undefined || !(peer.holds(origin, seq) || peer.isAwaited(origin, seq))
    })
  }

  /** Whether a rumor to it stayed without answer, and nothing was heard of it since. */
  isSilent(port: number): boolean {
    return this.#peers.find(port)?.silent ?? false
  }
}
