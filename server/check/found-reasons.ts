/** Makes reasons of what the findings about a failed run say beyond the complaints of its test. */
import type { Finding, FindingKind } from '../../shared/findings/finding.ts'
import { findingsIn } from '../../shared/findings/findings.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { type Answer, textsIn } from './course/expected.ts'
import type { Reason } from './result.ts'

/** Most findings that a run tells. */
const MOST_FOUND = 3
/** A complaint names each end of a program already. */
const KNOWN: readonly FindingKind[] = ['ended']
/** They say that a chat log lacks a message. A check asks for few chat logs, so an answer must show it. */
const ABOUT_CHAT_LOGS: readonly FindingKind[] = ['lines as one', 'not stored', 'not spread']

interface Run {
  readonly base: LabState
  readonly events: readonly LabEvent[]
  readonly answers: readonly Answer[]
  /** Time of its end, in ms. */
  readonly endedAt: number
}

/** `texts` are the messages that the complaints are about: findings about them come first. */
export function foundReasons({ base, events, answers, endedAt }: Run, texts: ReadonlySet<string>): Reason[] {
  const named = findingsIn(base, events, endedAt).map((finding) => ({ finding, text: textOf(finding, events) }))
  const shown = named.filter(({ finding, text }) => isShown(finding, text, answers))
  const about = (text: string | undefined) => (text !== undefined && texts.has(text) ? 0 : 1)
  return shown
    .toSorted((a, b) => about(a.text) - about(b.text))
    .slice(0, MOST_FOUND)
    .map(({ finding: { at, event, nodes, words, lookAt } }) => ({
      atMs: at,
      event,
      ...(nodes[0] === undefined ? {} : { node: nodes[0] }),
      words: `${uncapital(words).replace(/\.$/, '')}. ${lookAt.replace(/\.$/, '')}`,
    }))
}

function textOf({ message }: Finding, events: readonly LabEvent[]): string | undefined {
  if (!message) return undefined
  const given = events.filter((event) => event.type === 'given')
  return given.find(({ origin, seq }) => origin === message.origin && seq === message.seq)?.text
}

function isShown({ kind, nodes, at }: Finding, text: string | undefined, answers: readonly Answer[]): boolean {
  if (KNOWN.includes(kind)) return false
  if (!ABOUT_CHAT_LOGS.includes(kind)) return true
  // The last node of a finding is the one that lacks the message.
  const last = answers.findLast(({ node, atMs }) => node === nodes.at(-1) && atMs > at)
  return last !== undefined && text !== undefined && !textsIn(last.log).includes(text)
}

/** `Node 1 has` goes on a line as `node 1 has`. */
const uncapital = (words: string): string => words.replace(/^(Node|No) /, (word) => word.toLowerCase())
