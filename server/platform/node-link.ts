/** Defines the messages between supervisor and node over IPC, and the configuration of a node. */

import type { Settings } from '../../shared/gossip/settings.ts'
import type { NodeStart } from '../../shared/lab/node-host.ts'
import type { Release } from '../../shared/language/command-faults.ts'
import type { NodeReport } from '../../shared/model/event.ts'
import type { NodeFaults } from '../../shared/node/node-faults.ts'

/** Time that a node gets from its start until both sockets listen, in ms. */
export const NODE_START_TIMEOUT_MS = 10_000

/**
 * Everything that a supervised node must know; the one argument of its command line, as JSON. Its key comes by
 * environment.
 */
export interface NodeConfig extends Omit<NodeStart, 'key'> {
  /** Runtime folder of its supervisor. */
  readonly runtime: string
}

/** The word before the JSON on the command line. */
export const SUPERVISED = '--supervised'

/**
 * Requests with an id, which the node answers. It refuses `msg`, `chatLog`, `listen` and `release` after `until`, a
 * time of this machine's clock: by then the caller knows that they failed. A change of configuration never
 * comes too late.
 */
interface Question {
  readonly id: number
  readonly until: number
}

export type ToNode =
  /** Asks for a sign of life. A node that is stopped or overloaded does not answer. */
  | { readonly type: 'ping' }
  | ({ readonly type: 'msg'; readonly text: string } & Question)
  | ({ readonly type: 'chatLog' } & Question)
  /** The crash command; with `grace` as if it had been typed over TCP. The node ends without an answer. */
  | { readonly type: 'crash'; readonly grace: boolean }
  | ({ readonly type: 'listen'; readonly port: number } & Question)
  | ({ readonly type: 'unlisten'; readonly port: number } & Question)
  /** The node answers when they are in force. */
  | ({ readonly type: 'faults'; readonly faults: NodeFaults } & Question)
  /** Sets or removes the shared key. It comes this way, or by environment, so that it stays secret. */
  | ({ readonly type: 'key'; readonly key: string | null } & Question)
  /** Delivers, drops or duplicates a held datagram. */
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
  | { readonly type: 'reports'; readonly reports: readonly NodeReport[] }
  | { readonly type: 'answer'; readonly id: number; readonly lines: readonly string[] }
  | { readonly type: 'refusal'; readonly id: number; readonly why: string }

/** Name of the environment variable with the shared key. */
export const KEY_VARIABLE = 'RUMORSCOPE_KEY'

/** Exit codes of a node. */
export const EXIT = {
  /** Stopped. */
  ok: 0,
  /** It could not start, or failed. */
  failed: 1,
  /** Its arguments are invalid. */
  usage: 2,
  /** Its supervisor vanished. */
  orphaned: 3,
  /** The crash command. */
  crashed: 70,
} as const
