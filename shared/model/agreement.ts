/**
 * Decides when nodes agree: no node is starting, and nodes that can reach each other (`reach.ts`) have the same
 * messages. One function answers for a state of the lab, and a class keeps the answer up to date from event to event;
 * both follow the same rule.
 */

import { messageKey } from '../gossip/origin.ts'
import { plural } from '../text/format.ts'
import { shorten } from '../text/words.ts'
import type { LabEvent } from './event.ts'
import { changeLinks, type LinkConditions } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'
import { awaits, holds, type LabState, type NodeState, type NodeStatus } from './lab-state.ts'
import { nodeName } from './names.ts'
import { membersOf, reachOf, runs } from './reach.ts'

/** Returns in words why the nodes do not agree yet, or undefined when they agree. */
export function disagreement(lab: LabState): string | undefined {
  const { settings, nodes } = lab
  if (!settings) return 'there is no network'
  const starting = nodes.find(({ status }) => status === 'starting')
  if (starting) return `${nodeName(starting.id)} is starting`
  const waiting = messageAwaited(lab)
  if (waiting !== undefined) return waiting
  const { parts } = reachOf(lab)
  for (const node of nodes) {
    const first = nodes[parts[node.id] ?? -1]
    if (first && !holdTheSame(first, node, lab))
      return `nodes ${first.id} and ${node.id} have different messages (${first.messages} and ${node.messages})`
  }
  return undefined
}

/** A message that a program was given and does not show is on its way to it, or lost: that is no agreement. */
function messageAwaited({ nodes, messages }: LabState): string | undefined {
  for (const node of nodes) {
    const message = node.program && messages.find((one) => awaits(node, one))
    if (message) return `${nodeName(node.id)} was given “${shorten(message.text)}” and does not show it in its chat log`
  }
  return undefined
}

/** Returns in words that nodes agree, if at least two run and have any message; otherwise null. */
export function agreementWords(lab: LabState): string | null {
  const running = lab.nodes.filter(({ status }) => status === 'running')
  const [first] = running
  if (!first || running.length < 2 || running.every(({ messages }) => messages === 0) || disagreement(lab)) return null
  const { parts } = reachOf(lab)
  if (running.every(({ id }) => parts[id] === parts[first.id]))
    return `All ${running.length} running nodes have ${plural(first.messages, 'message')}.`
  return 'Nodes that can reach each other have the same messages.'
}

/** Equal counts of contiguous messages are equal messages; those beyond a gap are compared one by one. */
function holdTheSame(a: NodeState, b: NodeState, { messages }: Pick<LabState, 'messages'>): boolean {
  if (a === b) return true
  if (a.messages !== b.messages || Object.entries(a.vector).some(([origin, low]) => b.vector[Number(origin)] !== low))
    return false
  const inARow = Object.values(a.vector).reduce((sum, low) => sum + low, 0)
  return inARow === a.messages || messages.every((message) => holds(message, a.id) === holds(message, b.id))
}

/** Nodes that can reach each other, and the messages of any of them; null when the messages must be collected again. */
interface Part {
  readonly members: number[]
  union: Set<string> | null
}

/** Keeps up to date, from event to event, whether the nodes of a lab agree. */
export class Agreement {
  #settings: LabSettings | null
  #links: LinkConditions
  #statuses: NodeStatus[]
  #holds: Set<string>[]
  /** By node: the messages that its program was given and has not shown. See `messageAwaited`. */
  readonly #awaited: Map<number, Set<string>>
  /** The parts that the running nodes form; null when links or lives have changed since. */
  #parts: Part[] | null = null
  #running = 0

  constructor(lab: LabState) {
    const { settings, links, nodes, messages } = lab
    this.#settings = settings
    this.#links = links
    this.#statuses = nodes.map(({ status }) => status)
    this.#holds = nodes.map(() => new Set())
    const awaitedAt = (node: NodeState) => messages.filter((message) => awaits(node, message)).map(({ key }) => key)
    this.#awaited = new Map(nodes.filter(({ program }) => program).map((node) => [node.id, new Set(awaitedAt(node))]))
    for (const { key, copies } of messages)
      for (const [id, { lostAt }] of Object.entries(copies)) if (lostAt === null) this.#holds[Number(id)]?.add(key)
  }

  /** Takes the next event. Returns false when it cannot have changed agreement. */
  take(event: LabEvent): boolean {
    switch (event.type) {
      case 'network':
        this.#statuses = []
        this.#holds = []
        this.#awaited.clear()
        this.#links = {}
        this.#grow(event.settings)
        break
      case 'settings':
        this.#grow(event.settings)
        break
      case 'links':
        this.#links = changeLinks(this.#links, event.links)
        this.#parts = null
        break
      case 'starting':
      case 'running':
        this.#live(event.node, event.type)
        break
      case 'ended':
        this.#live(event.node, event.end.how)
        break
      case 'given':
        this.#awaitedAt(event.node).add(messageKey(event.origin, event.seq))
        break
      case 'stored':
        this.#awaited.get(event.node)?.delete(messageKey(event.origin, event.seq))
        this.#store(event.node, messageKey(event.origin, event.seq))
        break
      default:
        return false
    }
    return true
  }

  /** Returns whether the nodes agree, at least two run, and one of them has a message. */
  get isNews(): boolean {
    const parts = this.#found()
    for (const { size } of this.#awaited.values()) if (size > 0) return false
    if (this.#running < 2 || parts.some((part) => this.#differs(part)) || this.#statuses.includes('starting'))
      return false
    return parts.some(({ members: [first = -1] }) => this.#size(first) > 0)
  }

  #differs(part: Part): boolean {
    const [first = -1] = part.members
    if (part.members.some((id) => this.#size(id) !== this.#size(first))) return true
    part.union ??= unionOf(part.members.flatMap((id) => this.#holds[id] ?? []))
    return part.union.size !== this.#size(first)
  }

  #size(id: number): number {
    return this.#holds[id]?.size ?? 0
  }

  #found(): readonly Part[] {
    if (this.#parts) return this.#parts
    const nodes = this.#statuses.map((status) => ({ status }))
    const { parts } = reachOf({ settings: this.#settings, nodes, links: this.#links })
    this.#running = this.#statuses.filter((status) => status === 'running').length
    this.#parts = membersOf(parts).map((members) => ({ members, union: null }))
    return this.#parts
  }

  /** An inconsistent event, without settings, is reported by the fold; here it changes nothing. */
  #grow(settings: LabSettings | undefined) {
    this.#settings = settings ?? null
    this.#parts = null
    for (let id = this.#statuses.length; id < (settings?.n ?? 0); id += 1) {
      this.#statuses.push('absent')
      this.#holds.push(new Set())
    }
  }

  #live(id: number, status: NodeStatus) {
    if (this.#statuses[id] === undefined) return
    this.#statuses[id] = status
    this.#parts = null
    // Its memory is lost with its life.
    if (status !== 'running') this.#holds[id] = new Set()
    if (status !== 'running') this.#awaited.delete(id)
  }

  #awaitedAt(id: number): Set<string> {
    const keys = this.#awaited.get(id) ?? new Set()
    this.#awaited.set(id, keys)
    return keys
  }

  #store(id: number, key: string) {
    const status = this.#statuses[id]
    // A report that comes after its node ended: the copy is lost already.
    if (status === undefined || !(status === 'absent' || runs({ status }))) return
    this.#holds[id]?.add(key)
    this.#parts?.find(({ members }) => members.includes(id))?.union?.add(key)
  }
}

function unionOf(sets: readonly Set<string>[]): Set<string> {
  const union = new Set<string>()
  for (const set of sets) for (const key of set) union.add(key)
  return union
}
