/**
 * Writes a log for ShiViz, which draws space-time diagrams from vector clocks: the expression that parses it, the one
 * that separates networks, then two lines an event. It computes the clocks from the sender and receiver of each
 * datagram.
 */
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import type { Span } from '../model/event-span.ts'
import { eventWords } from '../model/event-words.ts'

type Clock = Readonly<Record<string, number>>

const READ = '(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})'
const APART = '^=== (?<trace>.*) ===$'

/** These events would only make the diagram long. */
const LEFT_OUT: ReadonlySet<LabEvent['type']> = new Set(['counters', 'sampling', 'neighbour'])

export function shivizLog({ base, events }: Span): string {
  const lines = [READ, APART, '=== network 1 ===']
  let networks = 1
  let clocks = new Map<string, Clock>()
  /** The clock of each sender at its sending, by the number of the event. */
  let sent = new Map<number, Clock>()
  // Provides the names of messages and nodes.
  const lab = fold(base, events)
  for (const event of events) {
    if (event.type === 'network') {
      if (clocks.size > 0) networks += 1
      if (clocks.size > 0) lines.push(`=== network ${networks} ===`)
      clocks = new Map()
      sent = new Map()
    }
    if (!('node' in event) || LEFT_OUT.has(event.type)) continue
    const host = `node${event.node}`
    const received = event.type === 'received' && event.datagram !== null ? sent.get(event.datagram) : undefined
    const clock = tick(clocks.get(host) ?? {}, host, received)
    clocks.set(host, clock)
    if (event.type === 'sent') sent.set(event.n, clock)
    lines.push(`${words(event, lab)}\n${host} ${JSON.stringify(clock)}`)
  }
  return `${lines.join('\n')}\n`
}

/** Increments the receiver's own entry, and merges the sender's clock. */
function tick(mine: Clock, host: string, theirs: Clock = {}): Clock {
  const merged: Record<string, number> = { ...mine }
  for (const [name, count] of Object.entries(theirs)) merged[name] = Math.max(merged[name] ?? 0, count)
  merged[host] = (mine[host] ?? 0) + 1
  return merged
}

function words(event: LabEvent, lab: LabState): string {
  return `${event.type} ${eventWords(event, lab)}`.replace(/\s+/g, ' ').trim()
}
