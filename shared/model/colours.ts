/**
 * Assigns colours: a hue identifies a message, and never means good or bad alone. Okabe and Ito's colours first; then
 * they repeat, with a pattern.
 */
import type { Origin } from '../gossip/origin.ts'
import type { LabState } from './lab-state.ts'

const HUES = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#CC79A7',
  '#56B4E9',
  '#D55E00',
  '#8C6BB1',
  '#A6761D',
  '#1B9E9E',
] as const
const PATTERNS = ['plain', 'hollow', 'striped'] as const

export type Pattern = (typeof PATTERNS)[number]

export interface Paint {
  readonly hue: string
  /** Text colour that is legible on the hue. */
  readonly ink: string
  readonly pattern: Pattern
}

const UNKNOWN: Paint = { hue: '#7B8490', ink: '#0B0C0E', pattern: 'plain' }

/** Returns the colours of the message that appeared as the `place`th, from 0. */
export function paintOf(place: number): Paint {
  const hue = HUES[place % HUES.length] ?? UNKNOWN.hue
  const pattern = PATTERNS[Math.floor(place / HUES.length) % PATTERNS.length] ?? 'plain'
  return { hue, ink: hue === '#0072B2' ? '#FFFFFF' : '#0B0C0E', pattern }
}

export function paintOfMessage({ places }: Pick<LabState, 'places'>, origin: Origin, seq: number): Paint {
  const place = places[origin]?.[seq]
  return place === undefined ? UNKNOWN : paintOf(place)
}
