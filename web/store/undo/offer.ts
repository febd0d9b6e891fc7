import type { Arrangement } from './arrangement.ts'

/** An offer to undo. `after` is the number of the newest event when the action began. */
export type Offer =
  /** The previous network can be made again; `words` describe it and what is lost. */
  | { readonly kind: 'network'; readonly before: Arrangement; readonly words: string; readonly after: number }
  /** Lines that undo the action, and nothing else. */
  | { readonly kind: 'change'; readonly done: string; readonly lines: readonly string[]; readonly after: number }
