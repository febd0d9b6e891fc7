/** Defines the state of a running lesson: present scene, predictions and outcomes. */
import type { Scene } from '../../../shared/language/lesson.ts'
import type { ScenarioLine } from '../../../shared/language/scenario.ts'
import type { Span } from '../time/span.ts'
import type { Judged } from './claims.ts'

export type Phase =
  /** The network is being made. */
  | 'preparing'
  /** The network could not be made. */
  | 'stuck'
  /** The class reads a scene, and answers its question. */
  | 'telling'
  | 'running'
  /** The nodes are asked for their counters. */
  | 'measuring'
  /** The outcome is known. */
  | 'shown'

export interface SessionState {
  /** Index of the scene; past the last one is the end. */
  readonly place: number
  readonly phase: Phase
  /** The present line, and its start time, in ms of the page. */
  readonly now: { readonly step: ScenarioLine; readonly since: number } | null
  /** By scene. */
  readonly guesses: readonly Guess[]
  /** By scene: its outcome; null before it has run. */
  readonly outcomes: readonly (Outcome | null)[]
  /** Reason why the network could not be made. */
  readonly problems: readonly string[]
  /**
   * Whether the network differs from the one that the earlier scenes left; it is made again before the next one runs.
   */
  readonly isBroken: boolean
}

/** Restores a session after a reload. */
export interface Memo extends Pick<SessionState, 'place' | 'guesses' | 'outcomes' | 'isBroken'> {
  /** Scenes whose own network runs, or ran. */
  readonly prepared: readonly number[]
}

export interface Guess {
  /** The choice that the class agreed on. */
  readonly chosen: number | null
  /** Number of hands, by choice. */
  readonly hands: readonly number[]
  /** Whether the presenter goes on without a prediction, as with a remote, which cannot choose. */
  readonly isSkipped: boolean
}

export interface Outcome extends Pick<Judged, 'right' | 'wrong' | 'revealed' | 'figures'> {
  /** Claims and expectations of the lesson that this run did not meet, in words. */
  readonly otherwise: readonly string[]
  readonly printed: readonly string[]
  /** Time from its first line to the arrival of its last datagram, in ms of the lab; null if nothing ran. */
  readonly span: Span | null
}

export const isPredicted = ({ chosen, hands }: Guess): boolean => chosen !== null || hands.some((count) => count > 0)
const isCommitted = (guess: Guess): boolean => guess.isSkipped || isPredicted(guess)

/** Returns whether the Next button is enabled. */
export function mayGoOn({ place, phase, guesses }: SessionState, scenes: readonly Scene[]): boolean {
  if (phase === 'shown') return true
  const scene = scenes[place]
  const guess = guesses[place]
  return phase === 'telling' && scene !== undefined && (!scene.question || (guess !== undefined && isCommitted(guess)))
}
