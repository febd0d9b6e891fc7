/**
 * Parses texts of a lesson with measured figures. `{cost hello}` is replaced by the figure. `{cost hello = 8}` is a
 * claim: it is not shown, and each run is checked against it. A text that states a count without either is refused.
 */

import { oneOf, only, Problem, shorten, wordsOf } from '../text/words.ts'
import { type Figure, parseFigure } from './lesson-figure.ts'

/** Parts of a text: strings as they are, and figures that the run replaces by their value. */
export type LessonText = readonly (string | Figure)[]

/** A comparison of a figure with a value. */
export interface Claim {
  readonly figure: Figure
  readonly is: (typeof COMPARISONS)[number]
  /** A number, or the ids of the nodes in question. */
  readonly value: number | readonly number[]
  /** Whether `value` counts link delays, so that it means the same at every pace. */
  readonly inLinks: boolean
  /** The text between the braces. */
  readonly written: string
}

export interface Bound {
  readonly text: LessonText
  /** All claims must be true. */
  readonly claims: readonly Claim[]
}

const COMPARISONS = ['=', '>=', '<=', '<', '>'] as const

/** @throws Problem if a figure or claim is malformed. */
export function parseBound(text: string): Bound {
  const parts: (string | Figure)[] = []
  const claims: Claim[] = []
  let end = 0
  for (const { 0: whole, 1: inside = '', index } of text.matchAll(/\{([^{}]*)\}/g)) {
    const before = text.slice(end, index)
    end = index + whole.length
    const isClaim = wordsOf(inside).some((word) => COMPARISONS.some((one) => one === word.text))
    parts.push(isClaim ? before.trimEnd() : before)
    if (isClaim) claims.push(parseClaim(inside.trim()))
    else parts.push(parseFigure(`= ${inside.trim()}`))
  }
  const bound = { text: [...parts, text.slice(end)].filter((part) => part !== ''), claims }
  const number = claims.length > 0 || bound.text.some(isFigure) ? null : countIn(text)
  if (number !== null)
    throw new Problem(
      `nothing measures “${number}”: put a claim after it, {holders hello = 4}, or a figure in its place, {cost hello}`,
      text.indexOf(number) + 1,
    )
  return bound
}

export const isFigure = (part: string | Figure): part is Figure => typeof part !== 'string'

/** Parses `cost hello = 8`, `time hello < 6 links` or `holders hello = 0,1,2`. */
function parseClaim(written: string): Claim {
  const words = wordsOf(written)
  const place = words.findIndex((word) => COMPARISONS.some((one) => one === word.text))
  const sign = words[place]
  const is = oneOf(sign, COMPARISONS, 'compare with')
  const figure = parseFigure(`= ${written.slice(0, (sign?.column ?? 1) - 1).trim()}`)
  const [value, unit] = words.slice(place + 1)
  const inLinks = unit?.text === 'links'
  if (!value || !/^\d{1,9}(,\d{1,9})*$/.test(value.text))
    throw new Problem(`{${shorten(written)}}: write a number after ${is}, or node ids such as 0,1,2`, sign?.column ?? 1)
  const numbers = value.text.split(',').map(Number)
  const claim = { figure, is, value: numbers.length > 1 ? numbers : Number(value.text), inLinks, written }
  return only(claim, words, place + (inLinks ? 3 : 2))
}

/** Matches parts without counts: names of nodes and messages, quotes and code. */
const NAMES = /`[^`]*`|“[^”]*”|\b[Nn]odes? \d+(, \d+)*( and \d+)?|\bnumber \d+|\b\d+(\+\d+)?\.\d+/g
const COUNTS = /\b(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|half|twice)\b/i

/** Returns the first count in a text, or null. */
const countIn = (text: string): string | null => COUNTS.exec(text.replace(NAMES, ''))?.[0] ?? null
