/** The state of a lesson that is being held: where the class is, what it guessed, what came out. */
import type { Scene } from '../../../shared/language/lesson.ts'
import type { ScenarioLine } from '../../../shared/language/scenario.ts'
import type { Span } from '../time/span.ts'
import type { Judged } from './claims.ts'

export type Phase =
  /** The network is being made. */
  | 'preparing'
  /** It could not be made. */
  | 'stuck'
  /** The text of a scene is read, and its question answered. */
  | 'telling'
  | 'running'
  /** The nodes are asked for their counters. */
  | 'measuring'
  /** The outcome is there. */
  | 'shown'

export interface SessionState {
  /** Which scene; past the last one is the end. */
  readonly place: number
  readonly phase: Phase
  /** The line that is carried out now, and since when, in ms of the page. */
  readonly now: { readonly step: ScenarioLine; readonly since: number } | null
  /** By scene. */
  readonly guesses: readonly Guess[]
  /** By scene: what came of it; null before it has run. */
  readonly outcomes: readonly (Outcome | null)[]
  /** Why the network could not be made. */
  readonly problems: readonly string[]
  /** The network is not as the scenes before have left it; it is made anew before the next one runs. */
  readonly isBroken: boolean
}

/** Brings a session back after a reload. */
export interface Memo extends Pick<SessionState, 'place' | 'guesses' | 'outcomes' | 'isBroken'> {
  /** Scenes whose own network stands, or stood when they ran. */
  readonly prepared: readonly number[]
}

export interface Guess {
  /** The choice that the class as a whole settled on. */
  readonly chosen: number | null
  /** Hands, by choice. */
  readonly hands: readonly number[]
  /** The presenter goes on without a prediction, as with a remote, which cannot choose. */
  readonly isSkipped: boolean
}

export interface Outcome extends Pick<Judged, 'right' | 'wrong' | 'revealed' | 'figures'> {
  /** Differences from what the lesson says. */
  readonly otherwise: readonly string[]
  readonly printed: readonly string[]
  /** From its first line until its last datagram had arrived, in ms of the lab; null where nothing ran. */
  readonly span: Span | null
}

export const isPredicted = ({ chosen, hands }: Guess): boolean => chosen !== null || hands.some((count) => count > 0)
const isCommitted = (guess: Guess): boolean => guess.isSkipped || isPredicted(guess)

/** Whether the Next button has something to do. */
export function mayGoOn({ place, phase, guesses }: SessionState, scenes: readonly Scene[]): boolean {
  if (phase === 'shown') return true
  const scene = scenes[place]
  const guess = guesses[place]
  return phase === 'telling' && scene !== undefined && (!scene.question || (guess !== undefined && isCommitted(guess)))
}
