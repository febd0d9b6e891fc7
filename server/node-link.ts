/** What supervisor and node say to each other over IPC, and how a node is told what it is. */
import type { NodeReport } from '../shared/event.ts'
import type { Settings } from '../shared/gossip/settings.ts'

/** All that a supervised node must know; the one argument of its command line, as JSON. */
export interface NodeConfig {
  readonly id: number
  readonly rootId: number
  readonly tcp: readonly number[]
  readonly generation: number
  readonly seed: number
  /** UDP ports. */
  readonly neighbours: readonly number[]
  readonly settings: Settings
  readonly linkDelayMs: number
}

/** The word before the JSON on the command line. */
export const SUPERVISED = '--supervised'

export type ToNode =
  /** A line as over TCP. */
  | { readonly type: 'line'; readonly id: number; readonly line: string }
  | { readonly type: 'listen'; readonly id: number; readonly port: number }
  | { readonly type: 'unlisten'; readonly id: number; readonly port: number }
  /** A neighbour has come up and listens. */
  | { readonly type: 'neighbour-up'; readonly port: number; readonly generation: number }
  | {
      readonly type: 'configure'
      readonly neighbours?: readonly number[]
      readonly settings?: Settings
      readonly linkDelayMs?: number
    }

export type FromNode =
  | { readonly type: 'ready' }
  | { readonly type: 'reports'; readonly reports: readonly NodeReport[] }
  | { readonly type: 'answer'; readonly id: number; readonly lines: readonly string[] }
  | { readonly type: 'refusal'; readonly id: number; readonly why: string }

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
