/** The instant of another lab from which a lab of simulated nodes goes on. */
import type { Datagram, LabState } from '../model/lab-state.ts'
import type { NodeMemory } from '../node/node-memory.ts'

export interface LabOrigin {
  /** Its `at` is the instant, in ms of both labs. */
  readonly state: LabState
  /** Memory of each node that runs, by id. */
  readonly memories: ReadonlyMap<number, NodeMemory>
  /** Returns the checksum by which the report of a datagram's arrival names it. */
  hashOf(datagram: Datagram): number
}
