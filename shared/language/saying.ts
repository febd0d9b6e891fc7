/** Checks a viewer's name and text, which a whole class will see. */
import { textProblem } from '../gossip/text.ts'

/** Maximum length of a viewer's name, in characters. */
export const MAX_NAME_CHARS = 24
/** Longest text of a viewer, in characters. */
export const MAX_SAYING_CHARS = 120

/** Letters, digits and the characters between them in names; also in scripts that put marks on letters. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .'’_-]*$/u
/**
 * Characters that are invisible or change the direction of the line: controls, bidirectional overrides, unassigned code
 * points.
 */
const UNSEEN = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u

/** Normalizes a name, so that equal names have equal characters. */
export const tidyName = (name: string): string => name.normalize('NFC').trim().replace(/\s+/g, ' ')

/** Returns why a tidy name cannot be used, or undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'the name is missing: type who you are'
  if (name.length > MAX_NAME_CHARS) return `a name has at most ${MAX_NAME_CHARS} characters`
  // Stacked marks would reach into the lines above and below.
  if (!NAME.test(name) || /\p{M}{3}/u.test(name)) return "a name may contain only letters, digits, spaces and . ' _ -"
  return undefined
}

/** Returns why a text cannot be used, or undefined when it can. */
export function sayingProblem(text: string): string | undefined {
  if (text.trim() === '') return 'the text is empty'
  if (text.length > MAX_SAYING_CHARS) return `a message has at most ${MAX_SAYING_CHARS} characters`
  if (UNSEEN.test(text) || /\p{M}{5}/u.test(text)) return 'the text has characters that cannot be shown: remove them'
  return textProblem(text)
}
