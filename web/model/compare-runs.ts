/** Compares two runs that begin in the same state. */
import type { LabEvent } from '../../shared/model/event.ts'
import { type Difference, firstDifference } from '../../shared/model/first-difference.ts'
import { holds, type LabState, type MessageState } from '../../shared/model/lab-state.ts'

export interface Run {
  readonly name: string
  /** The state at its end. */
  readonly state: LabState
  /** Its events since both runs began. */
  readonly events: readonly LabEvent[]
}

export interface RunFigures {
  readonly datagrams: number
  /** Time from the beginning until all running nodes had all messages, in ms; null if some lack some at the end. */
  readonly completeAfter: number | null
}

export function figuresOf({ state, events }: Run, from: number): RunFigures {
  const running = state.nodes.filter(({ status }) => status === 'running')
  const isComplete = state.messages.every((message) => running.every(({ id }) => holds(message, id)))
  const copies = state.messages.flatMap((message) => running.map(({ id }) => message.copies[id]?.at ?? from))
  return {
    datagrams: events.filter(({ type }) => type === 'sent').length,
    completeAfter: isComplete ? Math.max(0, ...copies.map((at) => at - from)) : null,
  }
}

export interface ComparedMessage {
  readonly key: string
  readonly above: MessageState | null
  readonly below: MessageState | null
  /** Nodes at which they differ: one has it, or had it before, and the other has not. */
  readonly differsAt: readonly number[]
}

/** Two copies that came within this time of each other are the same, in ms. */
const SAME_WITHIN_MS = 5

/** Returns the messages of both runs, in order; those that one run lacks are null there. */
export function compareMessages(above: LabState, below: LabState): ComparedMessage[] {
  const others = new Map(below.messages.map((message) => [message.key, message]))
  const shared = above.messages.map((message) => pairOf(message, others.get(message.key) ?? null))
  const known = new Set(above.messages.map(({ key }) => key))
  return [...shared, ...below.messages.filter(({ key }) => !known.has(key)).map((message) => pairOf(null, message))]
}

function pairOf(above: MessageState | null, below: MessageState | null): ComparedMessage {
  const ids = new Set([above, below].flatMap((one) => Object.keys(one?.copies ?? {}).map(Number)))
  const differsAt = [...ids].filter((id) => {
    const [one, other] = [above?.copies[id], below?.copies[id]]
    if (!one || !other) return true
    return (one.lostAt === null) !== (other.lostAt === null) || Math.abs(one.at - other.at) > SAME_WITHIN_MS
  })
  return { key: (above ?? below)?.key ?? '', above, below, differsAt }
}

export const differenceOf = (above: Run, below: Run): Difference | undefined =>
  firstDifference(above.events, below.events)

export interface Growth {
  /** In ms of the lab. */
  readonly at: number
  readonly copies: number
}

/** Returns the number of copies at each change of it, from the beginning on. */
export function growthOf({ events }: Run, from: number, begin: number): Growth[] {
  const growth: Growth[] = [{ at: from, copies: begin }]
  for (const { at, type } of events)
    if (type === 'stored') growth.push({ at, copies: (growth.at(-1)?.copies ?? 0) + 1 })
  return growth
}
