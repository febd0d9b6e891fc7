/**
 * Makes texts from files, nodes, viewers and other programs safe to show. A character that a terminal would obey, that
 * changes the direction of the text, or that is invisible becomes an escape, as JavaScript writes it.
 */

/**
 * Controls (C0, DEL, C1), lone surrogates, marks and overrides of direction, line and paragraph separators, the two
 * noncharacters that XML and so SVG forbid, and the like.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Returns the text with `\x1b`, `\u202e` and so on in place of unsafe characters. A plain text comes back unchanged.
 */
export const visible = (text: string): string => text.replace(UNSEEN, (found) => SHORT[found] ?? escaped(found))

/** Matches a byte that is not UTF-8, in the representation of `stringOf` (gossip/text.ts). */
const isRawByte = (code: number): boolean => code >= 0xdc80 && code <= 0xdcff

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = (isRawByte(code) ? code - 0xdc00 : code).toString(16)
  return hex.length < 3 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
}
