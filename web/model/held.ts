/** Orders the held datagrams, and describes them. */
import type { LinkCondition } from '../../shared/model/fault.ts'
import type { HeldDatagram, LabState, NodeState } from '../../shared/model/lab-state.ts'
import { whyLacking } from '../../shared/model/lack-words.ts'
import { heldName } from '../../shared/model/names.ts'
import { previewDelivery } from '../../shared/model/preview.ts'
import { capital } from '../../shared/text/words.ts'
import { titleOf } from './describe.ts'
import { holdLine, timersLine } from './lines.ts'

/** Whether something is held, or will be. */
export const isHolding = ({ links, held, timersHeld }: Pick<LabState, 'links' | 'held' | 'timersHeld'>): boolean =>
  timersHeld || isGateClosed({ links }) || Object.keys(held).length > 0

/** Whether a gate is closed. */
export const isGateClosed = ({ links }: Pick<LabState, 'links'>): boolean =>
  Object.values<LinkCondition>(links).some(({ hold }) => hold)

/** Whether the lab can hold the timers of every node: those of a program belong to the program. */
export const hasTimers = ({
  nodes,
}: {
  readonly nodes: readonly Pick<NodeState, 'id' | 'lacks' | 'gate'>[]
}): boolean => whyLacking(nodes, 'timers') === undefined

/**
 * Returns the lines of the *Hold* button. While nothing is held: first pauses the timers, so that no node repeats what
 * has just been stopped, then closes every gate. Otherwise the lines undo every hold.
 */
export function holdLines(
  lab: Pick<LabState, 'links' | 'held' | 'timersHeld'> & Parameters<typeof hasTimers>[0],
): readonly string[] {
  if (!isHolding(lab)) return [...(hasTimers(lab) ? [timersLine(true)] : []), holdLine(true)]
  const hasWaiting = isGateClosed(lab) || Object.keys(lab.held).length > 0
  return [...(hasWaiting ? [holdLine(false)] : []), ...(lab.timersHeld ? [timersLine(false)] : [])]
}

/** Says which parts pause and which move, while something is held. */
export function holdWords({
  links,
  timersHeld,
  held,
  nodes,
}: Pick<LabState, 'links' | 'timersHeld' | 'held' | 'nodes'>): string {
  const every = links['*'] !== undefined && Object.values<LinkCondition>(links).every(({ hold }) => hold)
  if (!isGateClosed({ links })) {
    const waiting = Object.keys(held).length > 0 ? ' These datagrams are still held.' : ''
    return timersHeld
      ? `Only the protocol’s timers are stopped: datagrams pass, and no node repeats any.${waiting}`
      : `New datagrams pass again.${waiting}`
  }
  const where = every ? 'Every datagram is held at its gate' : 'Datagrams are held at some gates'
  if (!hasTimers({ nodes })) return `${where}. The programs keep running, and may repeat datagrams, which are held too.`
  return timersHeld
    ? `${where}, and the protocol’s timers are stopped: ${every ? 'nothing moves until you step or deliver.' : 'no node repeats a datagram.'}`
    : `${where}. The protocol’s timers keep running, so nodes repeat unacknowledged rumors, which are held too.`
}

export const heldTitle = (datagram: HeldDatagram, lab: LabState): string =>
  `${titleOf(datagram, lab)}${datagram.copyOf === null ? '' : `, copy of ${heldName(datagram.copyOf)}`}`

/** Returns the tooltip of one: its content, and the effect of its delivery. Empty when it is no longer held. */
export function previewHeld(lab: LabState, number: number): readonly string[] {
  const datagram = lab.held[number]
  return datagram ? [`${heldName(number)}: ${heldTitle(datagram, lab)}`, ...previewDelivery(lab, number)] : []
}

/** Says in sentences what delivering it will do. */
export const previewWords = (lab: LabState, number: number): string =>
  previewDelivery(lab, number)
    .map((sentence) => `${capital(sentence)}.`)
    .join(' ')

export interface Inbox {
  /** UDP port of the receiver. */
  readonly to: number
  /** Oldest first. */
  readonly datagrams: readonly HeldDatagram[]
}

/** Returns the held datagrams by receiver, in the order of the nodes. */
export function inboxesOf(held: readonly HeldDatagram[]): readonly Inbox[] {
  const inboxes = new Map<number, HeldDatagram[]>()
  for (const datagram of held) {
    const inbox = inboxes.get(datagram.to) ?? []
    inbox.push(datagram)
    inboxes.set(datagram.to, inbox)
  }
  return [...inboxes].sort(([a], [b]) => a - b).map(([to, datagrams]) => ({ to, datagrams }))
}

/** Returns the one that a step delivers. */
export const oldestOf = ({ held }: Pick<LabState, 'held'>): HeldDatagram | undefined => Object.values(held)[0]
