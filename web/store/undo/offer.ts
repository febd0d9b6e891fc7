import type { Arrangement } from './arrangement.ts'

/** A way back that is offered. `after` is the number of the newest event when the deed began. */
export type Offer =
  /** The network of before can be made again; `words` say what it was and what is gone. */
  | { readonly kind: 'network'; readonly before: Arrangement; readonly words: string; readonly after: number }
  /** Lines that undo what was done, and nothing else. */
  | { readonly kind: 'change'; readonly done: string; readonly lines: readonly string[]; readonly after: number }
