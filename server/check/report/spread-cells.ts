/**
 * Decides the cells of the spread at a failure. A lab reads no chat log of a program while a test runs, so here a node also
 * has a message if it was given it, or if a datagram with it was delivered: the same evidence as that of the reasons.
 */
import { type Cell, cellsOf, waitingAt } from '../../../shared/model/cells.ts'
import type { LabEvent } from '../../../shared/model/event.ts'
import type { LabState, MessageState, NodeState } from '../../../shared/model/lab-state.ts'
import { type Reach, reachOf } from '../../../shared/model/reach.ts'
import { type Sighting, traceOf } from '../sightings.ts'

export interface SpreadRow {
  readonly message: MessageState
  /** Place of the message in the lab, which decides its colour. */
  readonly place: number
  readonly cells: readonly Cell[]
}

/** The newest messages are looked at: each costs a look at all events. */
const MOST_MESSAGES = 60

/** `events` are those up to the state of the lab. */
export function spreadRows(lab: LabState, events: readonly LabEvent[]): SpreadRow[] {
  const reach = reachOf(lab)
  const isOfPrograms = lab.nodes.some(({ program }) => program)
  const first = Math.max(0, lab.messages.length - MOST_MESSAGES)
  return lab.messages.slice(first).map((message, i) => ({
    message,
    place: first + i,
    cells: isOfPrograms ? cellsOfPrograms(message, lab, reach, events) : cellsAt(message, lab, reach),
  }))
}

const cellsAt = (message: MessageState, lab: LabState, reach: Reach) =>
  cellsOf(message, reach, waitingAt(message, lab.nodes))

function cellsOfPrograms(message: MessageState, lab: LabState, reach: Reach, events: readonly LabEvent[]): Cell[] {
  const { sightings } = traceOf(message.text, events)
  return cellsAt(message, lab, reach).map((cell): Cell => {
    const node = lab.nodes[cell.node]
    const seen = sightings.filter((sighting) => sighting.node === cell.node)
    if (cell.state === 'origin' || cell.state === 'held' || !node) return cell
    const now = node.status === 'running' ? seen.find(({ atMs }) => atMs >= (node.startedAt ?? 0)) : undefined
    if (now) return isOrigin(now, node, events) ? { node: cell.node, state: 'origin' } : heldSince(now, message)
    if (seen.length > 0) return { node: cell.node, state: 'lost copy' }
    return node.status === 'running' ? { node: cell.node, state: 'not seen' } : cell
  })
}

const isOrigin = ({ event }: Sighting, { id }: NodeState, events: readonly LabEvent[]): boolean =>
  events.some(({ n, type, ...rest }) => n === event && type === 'given' && 'node' in rest && rest.node === id)

const heldSince = ({ node, atMs }: Sighting, message: MessageState): Cell => ({
  node,
  state: 'held',
  ms: Math.max(0, atMs - message.at),
  hops: null,
})
