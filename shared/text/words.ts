/** A line as words that know where they stand, for parsers that say where something is wrong. */

export interface Word {
  readonly text: string
  /** Counts from 1. */
  readonly column: number
}

/** Something in a line is wrong: what, where, and what to write instead. */
export class Problem extends Error {
  readonly column: number
  constructor(message: string, column: number) {
    super(message)
    this.column = column
  }
}

export const wordsOf = (line: string): Word[] =>
  Array.from(line.matchAll(/\S+/g), (match) => ({ text: match[0], column: match.index + 1 }))

/** Where a word that is missing would stand. */
export const after = (word: Word | undefined): number => (word ? word.column + word.text.length + 1 : 1)

/** Returns no more than so many UTF-16 units, and no half of a character. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/u, '')

export const shorten = (text: string): string => (text.length > 40 ? `${cut(text, 40)}…` : text)

export function whole(word: Word | undefined, name: string, min: number, max: number, before?: Word): number {
  const value = word && /^\d{1,9}$/.test(word.text) ? Number(word.text) : Number.NaN
  if (!(value >= min && value <= max))
    throw new Problem(`${name} must be a whole number from ${min} to ${max}`, word?.column ?? after(before))
  return value
}

/** One of these words. */
export function oneOf<T extends string>(word: Word | undefined, names: readonly T[], what: string, before?: Word): T {
  const found = names.find((name) => name === word?.text)
  if (found === undefined)
    throw new Problem(`${what} ${listed(names)}${didYouMean(word, names)}`, word?.column ?? after(before))
  return found
}

/** Notes a name that is given once. @throws Problem where it was given before: of two values nobody knows which is meant. */
export function giveOnce(name: string, given: Set<string>, word: Word | undefined) {
  if (given.has(name)) throw new Problem(`${name} is given twice: leave one out`, word?.column ?? 1)
  given.add(name)
}

/** Longer words are nobody's slip. */
const MAX_SLIP_LENGTH = 24

/** Returns the name that was probably meant: one slip away, or two in a word of five letters and more. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > MAX_SLIP_LENGTH) return undefined
  const allowed = typed.length < 3 ? 0 : typed.length < 5 ? 1 : 2
  return names
    .map((name) => ({ name, slips: slipsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips }) => slips <= allowed)
    .sort((a, b) => a.slips - b.slips)[0]?.name
}

/** `. Did you mean 'msg'?`, to stand behind a sentence without a full stop; empty when no name is near. */
export function didYouMean(word: Word | undefined, names: readonly string[]): string {
  const name = word && nearest(word.text, names)
  return name === undefined ? '' : `. Did you mean '${name}'?`
}

/** Less than a slip: of two names as near, the one with the same letters was meant. */
const SWAP = 0.9

/** Counts a letter too many, a letter too few and another letter as a slip each, two letters that are swapped as a `SWAP`. */
function slipsBetween(a: string, b: string): number {
  // `rows[i][j]`: between the first i letters of one and the first j of the other.
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j += 1) {
      const other = a[i - 1] === b[j - 1] ? 0 : 1
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? at(i - 2, j - 2) + SWAP : Number.POSITIVE_INFINITY
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + other, swapped))
    }
  }
  return at(a.length, b.length)
}

/** `a, b or c` */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** Gives the value, when the line has no more than `count` words. */
export function only<T>(value: T, words: readonly Word[], count: number): T {
  const extra = words[count]
  if (extra) throw new Problem(`'${shorten(extra.text)}' is one word too many`, extra.column)
  return value
}

/** Begins a sentence with these words. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
