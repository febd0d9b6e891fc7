/** Messages between supervisor and node over IPC, and the configuration of a node. */

import type { Settings } from '../../shared/gossip/settings.ts'
import type { NodeStart } from '../../shared/lab/node-host.ts'
import type { Release } from '../../shared/language/command-faults.ts'
import type { NodeFaults } from '../../shared/node/node-faults.ts'
import type { ReportBatch } from '../../shared/node/report-batch.ts'

/** How long a node may take from its start to both sockets listening, in ms. */
export const NODE_START_TIMEOUT_MS = 10_000

/** All that a supervised node must know; the one argument of its command line, as JSON. Its key comes another way. */
export interface NodeConfig extends Omit<NodeStart, 'key'> {
  /** The runtime folder of its supervisor. */
  readonly runtime: string
}

/** The word before the JSON on the command line. */
export const SUPERVISED = '--supervised'

/**
 * Answered under its number. `msg`, `chatLog`, `listen` and `release` are refused after `until`, a time of this machine's clock: by
 * then whoever asked was told that they are not done. How the node is to be from now on never comes too late.
 */
interface Question {
  readonly id: number
  readonly until: number
}

export type ToNode =
  /** Is anybody there? A node that is stopped, or has too much to do, does not answer. */
  | { readonly type: 'ping' }
  | ({ readonly type: 'msg'; readonly text: string } & Question)
  | ({ readonly type: 'chatLog' } & Question)
  /** The crash command; with `grace` as if it had been typed over TCP. Not answered: the node ends. */
  | { readonly type: 'crash'; readonly grace: boolean }
  | ({ readonly type: 'listen'; readonly port: number } & Question)
  | ({ readonly type: 'unlisten'; readonly port: number } & Question)
  /** Answered when they are in force. */
  | ({ readonly type: 'faults'; readonly faults: NodeFaults } & Question)
  /**
   * The key that all nodes share from now on, or none. It comes this way, or by environment, so that nobody sees it.
   */
  | ({ readonly type: 'key'; readonly key: string | null } & Question)
  /** Lets a held datagram go, or loses it, or makes a second one of it. */
  | ({ readonly type: 'release'; readonly ticket: number; readonly how: Release } & Question)
  /** A neighbour has come up and listens. */
  | { readonly type: 'neighbour-up'; readonly port: number; readonly generation: number }
  | {
      readonly type: 'configure'
      readonly neighbours?: readonly number[]
      readonly settings?: Settings
      readonly linkDelayMs?: number
    }

export type FromNode =
  | { readonly type: 'pong' }
  | { readonly type: 'ready' }
  | { readonly type: 'reports'; readonly batch: ReportBatch }
  | { readonly type: 'answer'; readonly id: number; readonly lines: readonly string[] }
  | { readonly type: 'refusal'; readonly id: number; readonly why: string }

/** The environment variable with the shared key. */
export const KEY_VARIABLE = 'RUMORSCOPE_KEY'

/** Exit codes of a node. */
export const EXIT = {
  /** Stopped. */
  ok: 0,
  /** It could not start, or broke. */
  failed: 1,
  /** Its arguments make no sense. */
  usage: 2,
  /** Its supervisor vanished. */
  orphaned: 3,
  /** The crash command. */
  crashed: 70,
} as const
