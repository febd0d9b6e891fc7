/** Estimates the memory of events, reports and states, for code that bounds how many it keeps. Statuses share pairs. */
import type { LabEvent, LabFact, NodeReport } from './event.ts'
import type { LabState } from './lab-state.ts'

/** Size of an event without its text, its pairs and its links, in bytes. */
const BYTES_OF_EVENT = 400
/** Size of a list entry, in bytes; the pair itself is shared. */
const BYTES_OF_PAIR = 8
/** Size of one direction of a link and its condition, in bytes. */
const BYTES_OF_LINK = 128
/** Size of an origin and its number in a vector, in bytes. */
const BYTES_OF_ENTRY = 40
/** Size of a message at one node, in bytes. */
const BYTES_OF_COPY = 64
/** Size of a datagram on its way or at a gate, in bytes; its content is shared with its event. */
const BYTES_OF_DATAGRAM = 160

type Billed = LabEvent | LabFact | NodeReport

/** Returns an estimate of the memory of an event or a report, in bytes. */
export function memoryOf(event: Billed): number {
  return BYTES_OF_EVENT + charsIn(event) + BYTES_OF_PAIR * pairsIn(event)
}

/** Returns the number of characters that an event does not share: they also go over the wire. */
export function charsIn(event: Billed): number {
  if (event.type === 'stored') return event.text.length + (event.wire?.length ?? 0)
  if (event.type === 'command') return event.output.reduce((sum, line) => sum + line.length, event.line.length)
  if (event.type === 'line') return event.line.length
  if (event.type === 'sent' || event.type === 'held') return event.head?.length ?? 0
  return event.type === 'links' ? Object.keys(event.links).length * BYTES_OF_LINK : 0
}

export function pairsIn(event: Billed): number {
  const hasContent = event.type === 'sent' || event.type === 'held' || event.type === 'received'
  return hasContent && event.content?.kind === 'status' ? event.content.pairs.length : 0
}

/** Returns an estimate of the memory of a state that it does not share with an earlier one, in bytes. */
export function memoryOfState(state: LabState, earlier?: LabState): number {
  const known = new Set(earlier ? vectorsOf(earlier) : [])
  let entries = 0
  for (const vector of vectorsOf(state)) {
    if (!known.has(vector)) entries += Object.keys(vector).length
    known.add(vector)
  }
  const changed = state.messages.filter(({ copies }, place) => copies !== earlier?.messages[place]?.copies)
  const datagrams = Object.keys(state.inFlight).length + Object.keys(state.held).length
  const copies = changed.length * state.nodes.length
  return BYTES_OF_ENTRY * entries + BYTES_OF_COPY * copies + BYTES_OF_DATAGRAM * datagrams
}

const vectorsOf = ({ nodes }: LabState) => nodes.flatMap(({ vector, heard }) => [vector, ...Object.values(heard)])
