/**
 * Parses scenario files: lines of the command language, waits, and expectations. The course's .input files are valid
 * scenarios. A file is parsed whole before any line runs.
 */

import { type Way, wayOf } from '../model/fault.ts'
import { MAX_NODES } from '../model/lab-settings.ts'
import { after, listed, oneOf, only, Problem, shorten, type Word, whole, wordsOf } from '../text/words.ts'
import { type Command, parseCommand } from './command.ts'
import { oneWay } from './command-faults.ts'

/** Maximum number of lines in a scenario file. */
const MAX_SCENARIO_LINES = 100_000
/** Default time that a scenario waits for a condition, in ms. */
const UNTIL_WITHIN_MS = 30_000
/** Longest wait in a scenario, in ms. */
const MAX_WAIT_MS = 3_600_000

/** Conditions that a scenario can wait for and expect: the state of the lab shows them. */
export type StateCondition =
  /** Nodes that can reach each other have the same messages. */
  | { readonly kind: 'agreed' }
  | { readonly kind: 'running' | 'crashed'; readonly id: number }
  /** A node has this number of messages. */
  | ({ readonly kind: 'held'; readonly id: number } & Amount)
  /** This number of running nodes has a message with this text, which is one word. */
  | ({ readonly kind: 'copies'; readonly text: string } & Amount)
  /** This number of datagrams is held at all gates, or in one direction only. */
  | ({ readonly kind: 'waiting'; readonly way: Way | null } & Amount)

/** A condition that can only be expected: only the node itself knows. */
export interface ChatLogCondition {
  readonly kind: 'chatLog'
  readonly id: number
  readonly match: Match
  readonly text: string
}

interface Amount {
  readonly is: '=' | '>=' | '<='
  readonly count: number
}

/** The comparison of a chat log: with a whole log, or with one message that must be in it or not. */
export type Match = 'is' | 'contains' | 'lacks'

export type ScenarioLine = { readonly line: number; readonly text: string } & (
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'until'; readonly condition: StateCondition; readonly withinMs: number }
  | { readonly kind: 'expect'; readonly condition: StateCondition | ChatLogCondition }
  | { readonly kind: 'sleep'; readonly ms: number }
)

export interface ScenarioProblem {
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  readonly error: string
}

export type ParsedScenario =
  | { readonly ok: true; readonly steps: readonly ScenarioLine[] }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] }

/** Parses a file. Never throws; reports every error. */
export function parseScenario(file: string): ParsedScenario {
  const lines = file.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (lines.length > MAX_SCENARIO_LINES)
    return {
      ok: false,
      problems: [
        {
          line: MAX_SCENARIO_LINES,
          column: 1,
          error: `the file has more than ${MAX_SCENARIO_LINES} lines; split it into several files`,
        },
      ],
    }
  const steps: ScenarioLine[] = []
  const problems: ScenarioProblem[] = []
  lines.forEach((text, index) => {
    if (/^\s*(#|$)/.test(text)) return
    const line = index + 1
    try {
      steps.push({ line, text, ...parseStep(text) })
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      problems.push({ line, column: problem.column, error: problem.message })
    }
  })
  return problems.length === 0 ? { ok: true, steps } : { ok: false, problems }
}

type Parsed = ScenarioLine extends infer One ? (One extends ScenarioLine ? Omit<One, 'line' | 'text'> : never) : never

/** Words that begin a line of a scenario and are no commands. */
const SCENARIO_WORDS = ['until', 'expect', 'sleep']

function parseStep(text: string): Parsed {
  const words = wordsOf(text)
  switch (words[0]?.text) {
    case 'until':
      return parseUntil(words)
    case 'expect':
      return parseExpect(text, words)
    case 'sleep':
      return only({ kind: 'sleep', ms: duration(words[1], 'sleep <time>', words[0]) }, words, 2)
    default: {
      const parsed = parseCommand(text, SCENARIO_WORDS)
      if (!parsed.ok) throw new Problem(parsed.error, parsed.column)
      return { kind: 'command', command: parsed.command }
    }
  }
}

/** Parses `until <condition> [within <time>]`. */
function parseUntil(words: readonly Word[]): Parsed {
  const { condition, next } = parseCondition(words)
  const within = words[next]
  if (!within) return { kind: 'until', condition, withinMs: UNTIL_WITHIN_MS }
  if (within.text !== 'within')
    throw new Problem(
      `'${shorten(within.text)}' is not expected here; to limit the wait, write within 5s`,
      within.column,
    )
  return only(
    { kind: 'until', condition, withinMs: duration(words[next + 1], 'within <time>', within) },
    words,
    next + 2,
  )
}

function parseExpect(text: string, words: readonly Word[]): Parsed {
  if (words[1] && /^\d/.test(words[1].text)) return { kind: 'expect', condition: parseChatLog(text, words) }
  const { condition, next } = parseCondition(words)
  return only({ kind: 'expect', condition }, words, next)
}

const CONDITIONS = ['agreed', 'running', 'crashed', 'held', 'copies', 'waiting'] as const

/** Parses the condition from the second word on. Returns it and the index of the word after it. */
function parseCondition(words: readonly Word[]): { condition: StateCondition; next: number } {
  const [verb, name, third] = words
  const kind = oneOf(name, CONDITIONS, `after ${verb?.text ?? ''}, write`, verb)
  switch (kind) {
    case 'agreed':
      return { condition: { kind }, next: 2 }
    case 'running':
    case 'crashed':
      return { condition: { kind, id: whole(third, '<id>', 0, MAX_NODES - 1, name) }, next: 3 }
    case 'held': {
      const id = whole(third, '<id>', 0, MAX_NODES - 1, name)
      return { condition: { kind, id, ...amount(words, 3) }, next: 5 }
    }
    case 'copies': {
      if (!third) throw new Problem('after copies, write <text> = <count>; the text must be one word', after(name))
      return { condition: { kind, text: third.text, ...amount(words, 3) }, next: 5 }
    }
    case 'waiting': {
      const ends = oneWay(third)
      const place = ends ? 3 : 2
      const way = ends ? wayOf(ends.from, ends.to) : null
      return { condition: { kind, way, ...amount(words, place) }, next: place + 2 }
    }
  }
}

/** Parses `= 8`, `>= 8` or `<= 8`. */
function amount(words: readonly Word[], place: number): Amount {
  const is = oneOf(words[place], ['=', '>=', '<='] as const, 'compare with', words[place - 1])
  return { is, count: whole(words[place + 1], '<count>', 0, 999_999_999, words[place]) }
}

/** Parses `expect <id> chatLog [contains|lacks] <text>`; the text is the rest of the line, verbatim. */
function parseChatLog(text: string, words: readonly Word[]): ChatLogCondition {
  const id = whole(words[1], '<id>', 0, MAX_NODES - 1)
  oneOf(words[2], ['chatLog'] as const, `after expect ${id}, write`, words[1])
  const [how, rest] = [words[3], words[4]]
  const match = rest && (how?.text === 'contains' || how?.text === 'lacks') ? how.text : 'is'
  const first = match === 'is' ? how : rest
  if (!first)
    throw new Problem(`after chatLog, write ${listed(['a,b,c', 'contains a', 'lacks a', '<empty>'])}`, after(words[2]))
  return { kind: 'chatLog', id, match, text: text.slice(first.column - 1).trimEnd() }
}

/** Parses `500ms`, `5s`, `1.5s`. Returns ms. */
function duration(word: Word | undefined, form: string, before: Word | undefined): number {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s)$/.exec(word?.text ?? '') ?? []
  const ms = digits === undefined ? Number.NaN : Number(digits) * (unit === 's' ? 1_000 : 1)
  if (!(ms <= MAX_WAIT_MS))
    throw new Problem(
      `${form} must be a time such as 500ms or 5s, at most ${MAX_WAIT_MS / 1_000}s`,
      word?.column ?? after(before),
    )
  return ms
}
