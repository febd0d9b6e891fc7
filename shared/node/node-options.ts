import type { Effect, Identity, Input } from '../gossip/gossip.ts'
import type { Settings } from '../gossip/settings.ts'
import type { NodeFaults } from './node-faults.ts'
import type { NodeMemory } from './node-memory.ts'
import type { Platform } from './platform.ts'
import type { Deliver } from './reporter.ts'

/** The settings of a node, and the callbacks it uses. */
export interface NodeOptions extends Identity {
  readonly platform: Platform
  readonly id: number
  readonly rootId: number
  readonly settings: Settings
  readonly linkDelayMs: number
  readonly faults: NodeFaults
  /** Key that all nodes share; missing for the report's plain datagrams. */
  readonly key?: string
  /** Set if the node runs already elsewhere, and goes on here. */
  readonly memory?: NodeMemory
  /** Takes the node's reports; missing without a supervisor. */
  readonly deliver?: Deliver
  /**
   * Whether each report leaves in the instant of its fact, and none is left out. By default they leave in batches, and
   * are sampled when there are too many.
   */
  readonly reportsAtOnce?: boolean
  /** Called when evidence from a neighbour's port requires another generation; the callback must persist it. */
  readonly onNewLife?: (generation: number, shownBy: number) => void
  /** Called after the crash command, once everything before it has left the process. */
  readonly onCrash: () => void
  /** Lets checkers observe each input of the protocol and its effects, before the shell carries them out. */
  readonly watch?: { onInput(input: Input): void; onEffect(effect: Effect): void }
}
