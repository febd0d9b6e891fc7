/** Where a recording is opened: its beginning is often an empty lab, in which nothing is to be seen. */
import { formatInstant } from '../../../shared/text/format.ts'
import type { Past } from './past.ts'

export interface Opening {
  /** Number of the event after which the view stands. */
  readonly event: number
  /** Which instant that is: `Shown at its first message, 12.418 s.` */
  readonly words: string
}

/** At its first message; at its beginning where there were some already; at its end where there is none. */
export function openingOf({ history, landmarks }: Pick<Past, 'history' | 'landmarks'>): Opening {
  const { base, last, from } = history
  if (base.messages.length > 0) return { event: base.last, words: `Shown at its beginning, ${formatInstant(from)}.` }
  const message = landmarks.all.find(({ kind }) => kind === 'message')
  const words = message ? 'Shown at its first message' : 'Shown at its end'
  const event = message?.n ?? last
  return { event, words: `${words}, ${formatInstant(history.timeOf(event))}.` }
}
