/** Orders messages as every chat log does. */
import { generationOf, type Origin, portOf } from './origin.ts'

export interface Name {
  readonly origin: Origin
  readonly seq: number
}

/** Compares two messages by the canonical order. */
export const canonically = (a: Name, b: Name): number =>
  generationOf(a.origin) - generationOf(b.origin) || a.seq - b.seq || portOf(a.origin) - portOf(b.origin)
