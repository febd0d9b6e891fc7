/** Reads the `.output` files of the course, and compares the answers of a run with them. */
import { decodeText } from '../../../shared/gossip/text.ts'
import { nodeName } from '../../../shared/model/names.ts'
import { plural } from '../../../shared/text/format.ts'
import { shorten } from '../../../shared/text/words.ts'
import type { Complaint } from '../complaint.ts'

/** One line of the file. */
export type Expected =
  /** The texts of one chat log. */
  | { readonly line: number; readonly texts: readonly string[] }
  /** So many answers in a row, all the same to the letter. */
  | {
      readonly line: number
      readonly count: number
      readonly mandatory: readonly string[]
      readonly optional: readonly string[]
    }

export interface FileProblem {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  readonly error: string
}

export interface Answer {
  /** Line of the `.input` file that asked. */
  readonly line: number
  readonly node: number
  /** The part after `chatLog `. */
  readonly log: string
  /** In ms since the run began. */
  readonly atMs: number
}

export type ParsedOutput =
  | { readonly ok: true; readonly expected: readonly Expected[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** Most answers that one line may ask for. */
const MAX_COUNT = 1_000

/** Parses a file. Never throws; reports every error. */
export function parseOutput(file: string): ParsedOutput {
  const expected: Expected[] = []
  const problems: FileProblem[] = []
  for (const [index, text] of file
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1
    const isCounted = /^\s*\{/.test(text)
    const parsed = isCounted ? parseCounted(text) : { texts: textsIn(text) }
    if ('error' in parsed) problems.push({ line, ...parsed })
    else if (text.trim() !== '') expected.push({ line, ...parsed })
  }
  return problems.length === 0 ? { ok: true, expected } : { ok: false, problems }
}

type Counted = Omit<Extract<Expected, { count: number }>, 'line'>

const FORM = `write {'count': 4, 'mandatory': 'a,b', 'optional': 'c'}`

/** Parses the grader's form, which is a dictionary of Python. */
function parseCounted(text: string): Counted | Omit<FileProblem, 'line'> {
  const start = text.indexOf('{') + 1
  const end = text.trimEnd().length - 1
  if (text[end] !== '}') return { column: end + 2, error: `the } is missing at the end: ${FORM}` }
  const values = new Map<string, string>()
  const entry = /\s*(['"])(count|mandatory|optional)\1\s*:\s*(?:(\d+)|'([^']*)'|"([^"]*)")\s*(,|$)/y
  const body = text.slice(0, end)
  for (let at = start; body.slice(at).trim() !== ''; at = entry.lastIndex) {
    entry.lastIndex = at
    const [, , name = '', digits, single, double] = entry.exec(body) ?? []
    if (name === '') return { column: at + 1 + leadingSpaces(body.slice(at)), error: `this is no entry: ${FORM}` }
    if (values.has(name))
      return { column: at + 1 + leadingSpaces(body.slice(at)), error: `'${name}' is given twice: leave one out` }
    values.set(name, digits ?? single ?? double ?? '')
  }
  const count = Number(values.get('count') ?? Number.NaN)
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_COUNT))
    return { column: start, error: `'count' must be a whole number from 1 to ${MAX_COUNT}: ${FORM}` }
  return { count, mandatory: textsIn(values.get('mandatory') ?? ''), optional: textsIn(values.get('optional') ?? '') }
}

const leadingSpaces = (text: string): number => text.length - text.trimStart().length

/** Returns the texts of a chat log. `<empty>` is our word for none. */
export function textsIn(log: string): string[] {
  const texts = log.split(',').map((text) => decodeText(text.trim()))
  return texts.filter((text) => text !== '' && text !== '<empty>')
}

/** Returns how many answers a file describes. */
export const answersIn = (expected: readonly Expected[]): number =>
  expected.reduce((sum, one) => sum + ('count' in one ? one.count : 1), 0)

/**
 * Compares answers with a file. Texts are compared as sets, as the course's grader does; `exact` compares their order
 * too. Missing answers are not reported here.
 */
export function judge(answers: readonly Answer[], expected: readonly Expected[], exact: boolean): Complaint[] {
  let next = 0
  return expected.flatMap((one) => {
    const count = 'count' in one ? one.count : 1
    const given = answers.slice(next, next + count)
    next += count
    return 'count' in one ? judgeCounted(given, one) : given.flatMap((answer) => judgeOne(answer, one.texts, exact))
  })
}

function judgeOne(answer: Answer, texts: readonly string[], exact: boolean): Complaint[] {
  const differing = difference(answer, texts, texts)
  if (differing) return [differing]
  const shown = textsIn(answer.log)
  if (!exact || shown.join() === texts.join()) return []
  const words = `the chat log of ${nodeName(answer.node)} has another order: ${brief(shown)} instead of ${brief(texts)}`
  return [{ words, node: answer.node, atMs: answer.atMs }]
}

function judgeCounted(answers: readonly Answer[], { mandatory, optional }: Counted): Complaint[] {
  const differing = answers.flatMap((answer) => difference(answer, mandatory, [...mandatory, ...optional]) ?? [])
  const [first] = answers
  const other = first && answers.find(({ log }) => log !== first.log)
  if (!first || !other || differing.length > 0) return differing
  const words =
    `${nodeName(other.node)} answers ${brief(textsIn(other.log))} and ${nodeName(first.node)} ` +
    `${brief(textsIn(first.log))}: the grader compares them to the letter`
  return [{ words, node: other.node, atMs: other.atMs }]
}

function difference(
  { node, log, atMs }: Answer,
  mandatory: readonly string[],
  allowed: readonly string[],
): Complaint | undefined {
  const shown = textsIn(log)
  const [known, mayBe] = [new Set(shown), new Set(allowed)]
  const missing = mandatory.filter((text) => !known.has(text))
  const extra = shown.filter((text) => !mayBe.has(text))
  // Each text leaves the set at its first place.
  const doubled = shown.filter((text) => !known.delete(text))
  const faults = [
    missing.length > 0 ? `lacks ${brief(missing)}` : '',
    extra.length > 0 ? `shows ${brief(extra)}, which the test does not expect` : '',
    missing.length + extra.length === 0 && doubled.length > 0 ? `shows ${brief(doubled)} twice` : '',
  ].filter(Boolean)
  if (faults.length === 0) return undefined
  return { words: `the chat log of ${nodeName(node)} ${faults.join(' and ')}`, node, atMs, texts: missing }
}

/** Number of texts that a sentence lists. */
const MOST_LISTED = 4

/** Quotes texts for a sentence: `“Bob” and “Eve”`, `“a”, “b”, “c”, “d” and 5 more`. */
export function brief(texts: readonly string[]): string {
  if (texts.length === 0) return 'nothing'
  const shown = texts.slice(0, MOST_LISTED).map((text) => `“${shorten(text)}”`)
  const more = texts.length - shown.length
  const last = more > 0 ? plural(more, 'other') : shown.pop()
  return shown.length === 0 ? `${last}` : `${shown.join(', ')} and ${last}`
}
