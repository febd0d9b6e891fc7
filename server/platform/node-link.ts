/** What supervisor and node say to each other over IPC, and how a node is told what it is. */

import type { Settings } from '../../shared/gossip/settings.ts'
import type { Release } from '../../shared/language/command-faults.ts'
import type { Behaviour, LinkCondition } from '../../shared/model/fault.ts'
import type { ReportBatch } from './report-batch.ts'

/** How long a node may take from its start to both sockets listening, in ms. */
export const NODE_START_TIMEOUT_MS = 10_000
/** How long a node may take to end by itself before it is killed, in ms. */
export const NODE_STOP_TIMEOUT_MS = 1_000
/**
 * How long a node whose crash was typed takes datagrams in, in ms; those in the air by then still arrive. In the same
 * scripts nothing new came later than 100 ms to a node that had looked ten times by then.
 */
export const GRACE_AT_MOST_MS = 150

/** What is wrong on purpose, as far as one node is concerned. */
export interface NodeFaults {
  /** The way to a neighbour, by its UDP port; one that is not named is as it should be. */
  readonly to: Readonly<Record<number, LinkCondition>>
  /** The way from a neighbour. */
  readonly from: Readonly<Record<number, LinkCondition>>
  readonly behaviours: readonly Behaviour[]
  /** The timers of the protocol stand still. */
  readonly timersHeld: boolean
}

export const NO_FAULTS: NodeFaults = { to: {}, from: {}, behaviours: [], timersHeld: false }

/** All that a supervised node must know; the one argument of its command line, as JSON. */
export interface NodeConfig {
  readonly id: number
  readonly rootId: number
  /** The runtime folder of its supervisor. */
  readonly runtime: string
  readonly tcp: readonly number[]
  readonly generation: number
  readonly seed: number
  /** UDP ports. */
  readonly neighbours: readonly number[]
  readonly settings: Settings
  readonly linkDelayMs: number
  readonly faults: NodeFaults
}

/** The word before the JSON on the command line. */
export const SUPERVISED = '--supervised'

/**
 * Answered under its number. A line, `listen` and `release` are refused after `until`, a time of this machine's clock: by
 * then whoever asked was told that they are not done. How the node is to be from now on never comes too late.
 */
interface Question {
  readonly id: number
  readonly until: number
}

export type ToNode =
  /** Is anybody there? A node that is stopped, or has too much to do, does not answer. */
  | { readonly type: 'ping' }
  /** A line as over TCP. */
  | ({ readonly type: 'line'; readonly line: string } & Question)
  /** The crash command; with `grace` as if it had been typed over TCP. Not answered: the node ends. */
  | { readonly type: 'crash'; readonly grace: boolean }
  | ({ readonly type: 'listen'; readonly port: number } & Question)
  | ({ readonly type: 'unlisten'; readonly port: number } & Question)
  /** Answered when they are in force. */
  | ({ readonly type: 'faults'; readonly faults: NodeFaults } & Question)
  /** The key that all nodes share from now on, or none. It comes this way, or by environment, so that nobody sees it. */
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
