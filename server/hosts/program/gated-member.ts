/** Defines what the network of programs keeps of each program, and of each datagram on its way. */
import type { Random } from '../../../shared/gossip/random.ts'
import type { AnyContent, NodeFact } from '../../../shared/model/event.ts'
import type { Gate } from '../../../shared/node/gate.ts'
import type { NodeFaults } from '../../../shared/node/node-faults.ts'
import type { Bringers } from './bringers.ts'
import type { SeenDatagram } from './gate-process.ts'

/** A node as the gate needs it. */
export interface GatedNode {
  readonly id: number
  readonly seed: number
  readonly bringers: Bringers
  report(fact: NodeFact & { readonly inferred: true }, at: number): void
  onTrouble(why: string): void
}

export interface Leaving {
  readonly seen: SeenDatagram
  readonly to: number
  readonly content: AnyContent
  /** Tickets under which it is held. */
  readonly tickets: Set<number>
}

/** A datagram that is on its way from the gate. */
export interface Sending {
  /** Port of the node that sent it. */
  readonly from: number
  readonly to: number
  readonly bytes: Uint8Array
  readonly hash: number
  /** Set when the receiver has reported its time in the air. */
  readonly delayId?: number
  readonly content: AnyContent
  /** Set when the sender is no node of the lab. */
  readonly isStrange?: true
}

/** A program of the network. */
export interface Member {
  readonly node: GatedNode
  readonly gate: Gate<Leaving>
  readonly random: Random
  readonly held: Map<number, Leaving>
  faults: NodeFaults
  linkDelayMs: number
}
