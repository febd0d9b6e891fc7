/** Lists the changes of the lab since a held datagram was last released. */
import type { Origin } from '../../shared/gossip/origin.ts'
import { holds, type LabState, type MessageState, type NodeState } from '../../shared/model/lab-state.ts'
import { heldName, nodeName, portName } from '../../shared/model/names.ts'
import { cut } from '../../shared/text/words.ts'
import { heldTitle } from './held.ts'
import { quoted } from './shown.ts'

export interface Changes {
  /** By node: the messages that it has stored since. */
  readonly stored: ReadonlyMap<number, readonly MessageState[]>
  /** By node: the origins of which it has more messages now, and the neighbours with a new status. */
  readonly vectors: ReadonlyMap<number, ReadonlySet<Origin>>
  readonly heard: ReadonlyMap<number, ReadonlySet<number>>
  /** Numbers of the datagrams held since. */
  readonly waiting: readonly number[]
}

export function changesSince(before: LabState, now: LabState): Changes {
  const stored = new Map<number, MessageState[]>()
  if (before.messages !== now.messages)
    for (const [place, message] of now.messages.entries())
      for (const id of freshCopies(before.messages[place], message))
        stored.set(id, [...(stored.get(id) ?? []), message])
  const vectors = new Map<number, Set<Origin>>()
  const heard = new Map<number, Set<number>>()
  for (const node of now.nodes) {
    const old = before.nodes[node.id]
    if (!old || old === node) continue
    const grown = keysThatDiffer(old.vector, node.vector)
    if (grown.size > 0) vectors.set(node.id, grown)
    const told = portsHeard(old, node)
    if (told.size > 0) heard.set(node.id, told)
  }
  const waiting = Object.keys(now.held)
    .map(Number)
    .filter((number) => !before.held[number])
  return { stored, vectors, heard, waiting }
}

function freshCopies(old: MessageState | undefined, message: MessageState): number[] {
  const { copies } = message
  if (old?.copies === copies) return []
  const isFresh = (id: number) => holds(message, id) && old?.copies[id]?.at !== copies[id]?.at
  return Object.keys(copies).map(Number).filter(isFresh)
}

const keysThatDiffer = (old: Readonly<Record<number, number>>, now: Readonly<Record<number, number>>) =>
  new Set(
    Object.keys(now)
      .map(Number)
      .filter((key) => old[key] !== now[key]),
  )

function portsHeard(old: NodeState, { heard }: NodeState): Set<number> {
  const isNew = (port: number) => {
    const [was, is] = [old.heard[port] ?? {}, heard[port] ?? {}]
    return old.heard[port] !== heard[port] && keysThatDiffer(was, is).size > 0
  }
  return new Set(Object.keys(heard).map(Number).filter(isNew))
}

/** Nodes with a new message or new knowledge. */
export const changedNodes = ({ stored, vectors, heard }: Changes): ReadonlySet<number> =>
  new Set([...stored.keys(), ...vectors.keys(), ...heard.keys()])

const MAX_SENTENCES = 4

/**
 * Returns a sentence for each relevant change: 'node 1 stored “hello”', '#4 is held: rumor “hello”, node 1 to node 2'.
 */
export function changeWords(changes: Changes, lab: LabState): readonly string[] {
  const stores = [...changes.stored].map(
    ([id, messages]) => `${nodeName(id)} stored ${messages.map(({ text }) => quoted(shorten(text))).join(', ')}`,
  )
  const learns = [...changes.heard].map(([id, ports]) => {
    const names = [...ports].map((port) => portName(port, lab)).join(', ')
    return `${nodeName(id)} now knows the messages of ${names}`
  })
  const waits = changes.waiting.flatMap((number) => {
    const datagram = lab.held[number]
    return datagram ? [`${heldName(number)} is held: ${heldTitle(datagram, lab)}`] : []
  })
  const all = [...stores, ...learns, ...waits]
  if (all.length <= MAX_SENTENCES) return all
  return [...all.slice(0, MAX_SENTENCES - 1), `and ${all.length - MAX_SENTENCES + 1} more`]
}

const shorten = (text: string) => (text.length > 24 ? `${cut(text, 24)}…` : text)
