/**
 * Texts from files, nodes, viewers and other programs, made safe to show. What a terminal would obey, what turns the
 * order of the words round, and what cannot be seen at all is shown as an escape, as JavaScript writes it.
 */

/**
 * Controls (C0, DEL, C1), halves of characters, marks and overrides of direction, ends of lines, the two that no XML and so
 * no picture may hold, and the like.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Returns the text with `\x1b`, `\u202e` and so on in place of what cannot be seen. A plain text comes back as it is. */
export const visible = (text: string): string => text.replace(UNSEEN, (found) => SHORT[found] ?? escaped(found))

/** A byte that is not UTF-8, as a text of `stringOf` (gossip/text.ts) has it. */
const isRawByte = (code: number): boolean => code >= 0xdc80 && code <= 0xdcff

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = (isRawByte(code) ? code - 0xdc00 : code).toString(16)
  return hex.length < 3 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
}
