/** Chooses the instant at which a recording opens: its beginning is often an empty lab, with nothing to see. */
import { formatInstant } from '../../../shared/text/format.ts'
import type { Past } from './past.ts'

export interface Opening {
  /** Number of the event that the view is at. */
  readonly event: number
  /** Names that instant: `Opened at its first message, 12.418 s.` */
  readonly words: string
}

/**
 * Returns the event that a recording names, or else the first message; the beginning if there were some already; the end if there
 * is none.
 */
export function openingOf({ history, landmarks }: Pick<Past, 'history' | 'landmarks'>, opensAt?: Opening): Opening {
  const { base, last, from } = history
  if (opensAt && opensAt.event >= base.last && opensAt.event <= last) return opensAt
  if (base.messages.length > 0) return { event: base.last, words: `Opened at its beginning, ${formatInstant(from)}.` }
  const message = landmarks.all.find(({ kind }) => kind === 'message')
  const words = message ? 'Opened at its first message' : 'Opened at its end'
  const event = message?.n ?? last
  return { event, words: `${words}, ${formatInstant(history.timeOf(event))}.` }
}
