/** Splits a line into words with their positions, so that parsers can say where something is wrong. */

export interface Word {
  readonly text: string
  /** Counts from 1. */
  readonly column: number
}

/** Reports an error in a line: what is wrong, where, and what to write instead. */
export class Problem extends Error {
  readonly column: number
  constructor(message: string, column: number) {
    super(message)
    this.column = column
  }
}

export const wordsOf = (line: string): Word[] =>
  Array.from(line.matchAll(/\S+/g), (match) => ({ text: match[0], column: match.index + 1 }))

/** Position at which a missing word would begin. */
export const after = (word: Word | undefined): number => (word ? word.column + word.text.length + 1 : 1)

/** Returns at most so many UTF-16 units, and never half of a character. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/u, '')

export const shorten = (text: string): string => (text.length > 40 ? `${cut(text, 40)}…` : text)

export function whole(word: Word | undefined, name: string, min: number, max: number, before?: Word): number {
  const value = word && /^\d{1,9}$/.test(word.text) ? Number(word.text) : Number.NaN
  if (!(value >= min && value <= max))
    throw new Problem(`${name} must be a whole number from ${min} to ${max}`, word?.column ?? after(before))
  return value
}

/** Returns the word. @throws Problem if it is not one of `names`. */
export function oneOf<T extends string>(word: Word | undefined, names: readonly T[], what: string, before?: Word): T {
  const found = names.find((name) => name === word?.text)
  if (found === undefined)
    throw new Problem(`${what} ${listed(names)}${didYouMean(word, names)}`, word?.column ?? after(before))
  return found
}

/** Notes a name that may be given once. @throws Problem if it was given before: two values would be ambiguous. */
export function giveOnce(name: string, given: Set<string>, word: Word | undefined) {
  if (given.has(name)) throw new Problem(`${name} is given twice: leave one out`, word?.column ?? 1)
  given.add(name)
}

/** A longer word cannot be a typing error. */
const MAX_SLIP_LENGTH = 24

/** Returns the name that was probably meant: one typing error away, or two in a word of five letters and more. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > MAX_SLIP_LENGTH) return undefined
  const allowed = typed.length < 3 ? 0 : typed.length < 5 ? 1 : 2
  return names
    .map((name) => ({ name, slips: slipsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ slips }) => slips <= allowed)
    .sort((a, b) => a.slips - b.slips)[0]?.name
}

/** Returns `. Did you mean 'msg'?` to append to a sentence without a full stop; empty when no name is near. */
export function didYouMean(word: Word | undefined, names: readonly string[]): string {
  const name = word && nearest(word.text, names)
  return name === undefined ? '' : `. Did you mean '${name}'?`
}

/** Costs less than an error: of two equally near names, the one with the same letters was meant. */
const SWAP = 0.9

/** Returns the edit distance: an extra, missing or different letter costs 1, two swapped letters cost `SWAP`. */
function slipsBetween(a: string, b: string): number {
  // `rows[i][j]` is the distance between the first i letters of one word and the first j of the other.
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

/** Returns `a, b or c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** Returns the value if the line has no more than `count` words. */
export function only<T>(value: T, words: readonly Word[], count: number): T {
  const extra = words[count]
  if (extra) throw new Problem(`'${shorten(extra.text)}' is not expected here; remove it`, extra.column)
  return value
}

/** Makes the first letter a capital. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
