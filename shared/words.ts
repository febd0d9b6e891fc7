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
    throw new Problem(`${name} is a whole number from ${min} to ${max}`, word?.column ?? after(before))
  return value
}

/** One of these words. */
export function oneOf<T extends string>(word: Word | undefined, names: readonly T[], what: string, before?: Word): T {
  const found = names.find((name) => name === word?.text)
  if (found === undefined) throw new Problem(`${what} ${listed(names)}`, word?.column ?? after(before))
  return found
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
