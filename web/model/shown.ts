/** Prepares texts from outside for the page: of messages, files, viewers and other programs. */
import { visible } from '../../shared/text/visible.ts'

/** Letters that are written from right to left: Hebrew, Arabic and their kin. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const ISOLATE = '\u2068'
const END_OF_ISOLATE = '\u2069'

/**
 * Returns a text that is safe inside a sentence: control characters and invisible ones are escapes, and a text from
 * right to left does not reorder the words around it.
 */
export function shown(text: string): string {
  const plain = visible(text)
  return RIGHT_TO_LEFT.test(plain) ? `${ISOLATE}${plain}${END_OF_ISOLATE}` : plain
}

/** Returns several lines, such as the output of a command. */
export const shownLines = (lines: readonly string[]): string => lines.map(shown).join('\n')

/** Returns a text in quotes, for a sentence. */
export const quoted = (text: string): string => `“${shown(text)}”`
