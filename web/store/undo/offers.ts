/**
 * Makes offers from commands that were carried out. Loaded with the first offer, because it needs the command parser.
 */

import type { LabState } from '../../../shared/model/lab-state.ts'
import { plural } from '../../../shared/text/format.ts'
import { type Arrangement, arrangementOf, arrangementWords, linesToRestore } from './arrangement.ts'
import { commandOf, linesToUndo } from './inverse.ts'
import type { Offer } from './offer.ts'

/** Returns an offer to undo lines that were carried out in a lab that was `before`; null if nothing can be undone. */
export function offerFor(lines: readonly string[], before: LabState): Offer | null {
  const commands = lines.map(commandOf).filter((command) => command !== null)
  if (commands.some(({ kind }) => kind === 'network')) {
    const arrangement = arrangementOf(before)
    return arrangement && networkOffer(arrangement, before.last)
  }
  const undone = commands.flatMap((command) => linesToUndo(command, before))
  return undone.length === 0 ? null : { kind: 'change', done: lines.join('; '), lines: undone, after: before.last }
}

export const networkOffer = (before: Arrangement, after: number): Offer => ({
  kind: 'network',
  before,
  words: restoreWords(before),
  after,
})

/** Says which parts come back and which are lost for good: `4 nodes on a line, without its 3 messages`. */
export function restoreWords(before: Arrangement): string {
  const { messages } = before
  const lost = messages === 0 ? '' : `, without its ${messages === 1 ? 'message' : plural(messages, 'message')}`
  return `${arrangementWords(before)}${lost}`
}

/** Returns the lines that carry out an offer, in the lab as it is now. */
export const linesOf = (offer: Offer, now: LabState): readonly string[] =>
  offer.kind === 'network' ? linesToRestore(offer.before, now) : offer.lines
