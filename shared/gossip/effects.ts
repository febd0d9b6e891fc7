/** Inputs of the machine, and its effects. */
import type { Origin } from './origin.ts'
import type { Oversized } from './oversize.ts'
import type { Settings } from './settings.ts'
import type { Datagram } from './wire.ts'

export interface Identity {
  readonly port: number
  readonly generation: number
  /** Who knows in which life the node is: somebody who counts its starts, or only the node, which may forget it. */
  readonly generationIs: 'counted' | 'remembered'
  readonly seed: number
  readonly neighbours: readonly number[]
  /**
   * Ports that would be neighbours if the line were longer than `n` said. They are greeted once at start and become
   * neighbours when they are heard of: a node may have been restarted with another `n` than the others.
   */
  readonly possibleNeighbours?: readonly number[]
}

export type Input =
  | { readonly kind: 'start' }
  /** The typed form of the text. */
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'datagram'; readonly datagram: Datagram }
  /** The end of a turn: what arrived in it is acknowledged. */
  | { readonly kind: 'flush-acks' }
  /** The time that `wakeAt` named has come; earlier or later does no harm. */
  | { readonly kind: 'wake' }
  /**
   * The most bytes of a datagram that the operating system sends. Known before `start`; when it changes, what is held is
   * measured anew.
   */
  | { readonly kind: 'limit'; readonly bytes: number }
  | { readonly kind: 'configure'; readonly neighbours?: readonly number[]; readonly settings?: Settings }
  /**
   * The link to a neighbour has come up with a new life at its other end, as a network card would tell it. What that
   * life cannot have yet is sent at once, half a round trip before its own greeting could ask for it.
   */
  | { readonly kind: 'neighbour-up'; readonly port: number; readonly generation: number }
  /** Datagrams to and from a peer take another time from now on, `roundTripMs` there and back, or a little more. */
  | { readonly kind: 'link-changed'; readonly port: number; readonly roundTripMs: number }
  /** About to end: sends what was typed before and still waits for its turn. No goodbye. */
  | { readonly kind: 'crash' }

/** Why a datagram is sent. */
export type Why = 'new' | 'missing' | 'coin' | 'repeat' | 'ack' | 'ask' | 'hello' | 'anti-entropy'

export type Effect =
  | SendEffect
  | { readonly kind: 'report'; readonly fact: Fact }
  /**
   * The present life had been before and was lost, as a neighbour shows. Another one begins: its generation is to be
   * remembered before anything else is carried out.
   */
  | { readonly kind: 'new-life'; readonly generation: number; readonly shownBy: number }
  /** Nothing is held under this number any more, or another text, which is reported next. */
  | { readonly kind: 'displaced'; readonly origin: Origin; readonly seq: number }
export interface SendEffect {
  readonly kind: 'send'
  readonly to: number
  readonly why: Why
  readonly datagram: Datagram
}

/** A fact from inside the machine, for observers. */
export type Fact =
  | {
      readonly type: 'stored'
      readonly origin: Origin
      readonly seq: number
      /** As people read it. */
      readonly text: string
      /** Its wire form, where a foreign program wrote it otherwise than we would. */
      readonly wire?: string
      readonly from: number | null
    }
  /** A message is in memory and not held: an earlier one of its origin is missing. `stored` follows when that comes. */
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
  /** A message is stored and cannot be passed on: its datagram is larger than what the system sends, in bytes. */
  | ({ readonly type: 'oversized'; readonly origin: Origin; readonly seq: number } & Oversized)
