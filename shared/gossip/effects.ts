/** Types of the inputs of the machine, and of its effects. */
import type { Memory } from './memory.ts'
import type { Origin } from './origin.ts'
import type { Settings } from './settings.ts'
import type { Oversized } from './too-large.ts'
import type { Datagram } from './wire.ts'

export interface Identity {
  readonly port: number
  readonly generation: number
  /**
   * Says who knows the current life of the node: a supervisor that counts its starts, or only the node, which may
   * forget it.
   */
  readonly generationIs: 'counted' | 'remembered'
  readonly seed: number
  readonly neighbours: readonly number[]
  /**
   * Ports that would be neighbours if the line were longer than `n` said. The node greets them once at start, and they
   * become neighbours when they speak: a node may have restarted with another `n` than the others.
   */
  readonly possibleNeighbours?: readonly number[]
}

export type Input =
  | { readonly kind: 'start' }
  /** Instead of `start`: the node runs already, and this is known of it. It greets nobody. */
  | { readonly kind: 'resume'; readonly memory: Memory }
  /** The typed form of the text. */
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'datagram'; readonly datagram: Datagram }
  /** Ends a turn: acknowledges the rumors that arrived in it. */
  | { readonly kind: 'flush-acks' }
  /** The time that `wakeAt` named has come; earlier or later does no harm. */
  | { readonly kind: 'wake' }
  /**
   * Largest datagram that the operating system sends, in bytes. Must come before `start`; after a change, all stored
   * messages are measured again.
   */
  | { readonly kind: 'limit'; readonly bytes: number }
  | { readonly kind: 'configure'; readonly neighbours?: readonly number[]; readonly settings?: Settings }
  /**
   * The link to a neighbour has come up with a new life at its other end, as a network card would report it. The
   * machine sends at once what that life cannot have yet, half a round trip before the neighbour's greeting could ask
   * for it.
   */
  | { readonly kind: 'neighbour-up'; readonly port: number; readonly generation: number }
  /** From now on a round trip to a peer takes `roundTripMs`, or a little more. */
  | { readonly kind: 'link-changed'; readonly port: number; readonly roundTripMs: number }
  /** The node is about to end: the machine sends typed messages that still wait for their turn. It says no goodbye. */
  | { readonly kind: 'crash' }

/** Reason why a datagram is sent. */
export type Why = 'new' | 'missing' | 'coin' | 'repeat' | 'ack' | 'ask' | 'hello' | 'anti-entropy'

export type Effect =
  | SendEffect
  | { readonly kind: 'report'; readonly fact: Fact }
  /**
   * A neighbour has shown that the present life existed before and was lost, so another one begins. The caller must
   * persist its generation before it carries out any further effect.
   */
  | { readonly kind: 'new-life'; readonly generation: number; readonly shownBy: number }
  /** The message of this number is no longer stored. If another text replaces it, the next effect reports that text. */
  | { readonly kind: 'displaced'; readonly origin: Origin; readonly seq: number }
export interface SendEffect {
  readonly kind: 'send'
  readonly to: number
  readonly why: Why
  readonly datagram: Datagram
}

/** A fact for observers of the machine. */
export type Fact =
  | {
      readonly type: 'stored'
      readonly origin: Origin
      readonly seq: number
      /** The text as people read it. */
      readonly text: string
      /** The text's wire form, if a foreign program wrote it differently from `encodeText`. */
      readonly wire?: string
      readonly from: number | null
    }
  /**
   * A message is in memory but not shown: an earlier one of its origin is missing. `stored` follows when that one
   * comes.
   */
  | { readonly type: 'kept-back'; readonly origin: Origin; readonly seq: number; readonly from: number }
  | { readonly type: 'refused'; readonly from: number; readonly why: string }
  | {
      readonly type: 'compared'
      readonly with: number
      readonly verdict: 'they lack' | 'I lack' | 'agree'
    }
  | {
      readonly type: 'coin'
      readonly origin: Origin
      readonly seq: number
      readonly goesOnTo: number | null
      readonly heads: boolean
    }
  | { readonly type: 'silent'; readonly to: number; readonly origin: Origin; readonly seq: number }
  | { readonly type: 'neighbour'; readonly port: number }
  /** A message is stored but cannot be forwarded: its datagram, of `bytes` bytes, is larger than the system sends. */
  | ({ readonly type: 'oversized'; readonly origin: Origin; readonly seq: number } & Oversized)
