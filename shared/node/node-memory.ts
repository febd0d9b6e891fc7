/** Memory of a running node, with its gate and the datagrams in the air to it. */
import type { Memory } from '../gossip/memory.ts'
import type { Counters } from '../model/counters.ts'
import type { Outgoing } from './outgoing.ts'

export interface NodeMemory extends Memory {
  /** Datagrams held at its gate, in order of their tickets. */
  readonly held: readonly { readonly ticket: number; readonly datagram: Outgoing }[]
  /** Datagrams in the air to it; times in ms of the platform. */
  readonly inTheAir: readonly { readonly from: number; readonly bytes: Uint8Array; readonly arrivesAt: number }[]
  readonly counters: Counters | null
}
