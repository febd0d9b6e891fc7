/**
 * What must always hold (PROTOCOL, what must always hold), watched from outside: from the trace alone and from the
 * logs of the nodes. Nothing here is used by what it checks.
 */
import type { Fact } from '../gossip/effects.ts'
import { messageKey, type Origin } from '../gossip/origin.ts'
import { encodeText } from '../gossip/text.ts'
import type { TraceEvent } from './trace.ts'
import type { World } from './world.ts'

type Stored = Extract<Fact, { type: 'stored' }>

/** Watches a trace for what may never happen at any time. */
export class Watcher {
  readonly violations: string[] = []
  /** The wire form of what was truly typed, by message. */
  readonly #typed = new Map<string, string>()
  /** How many messages of each origin a node showed in this life. */
  readonly #held = new Map<number, Map<Origin, number>>()
  readonly #typing = new Map<number, string>()

  see(event: TraceEvent) {
    if (event.type === 'started' || event.type === 'ended') this.#held.set(event.node, new Map())
    if (event.type === 'typed') this.#typing.set(event.node, event.text)
    if (event.type === 'fact' && event.fact.type === 'stored') this.#seeStored(event.node, event.fact)
  }

  #seeStored(node: number, { origin, seq, text, wire, from }: Stored) {
    const key = messageKey(origin, seq)
    const bytes = wire ?? encodeText(text)
    if (from === null) {
      // A foreign program sends what is typed as it is.
      if (this.#typing.get(node) !== (wire ?? text)) this.#violate(`${node} made up ${key}`)
      if (this.#typed.has(key)) this.#violate(`${node} used the number of ${key} twice`)
      else this.#typed.set(key, bytes)
    }
    if (this.#typed.get(key) !== bytes) this.#violate(`${node} holds ${key} '${text}', which nobody typed`)
    const held = this.#held.get(node) ?? new Map<Origin, number>()
    const count = held.get(origin) ?? 0
    if (seq < count) this.#violate(`${node} stored ${key} twice`)
    if (seq > count) this.#violate(`${node} shows ${key} before ${messageKey(origin, count)}`)
    held.set(origin, count + 1)
    this.#held.set(node, held)
  }

  /** Compares what the live nodes hold now with what the trace says: nothing forgotten, no gap, nothing else. */
  checkLogs(world: World) {
    for (const { id } of world.nodes) {
      const counts = new Map<Origin, number>()
      for (const { origin, seq, text } of world.held(id)) {
        if (seq !== (counts.get(origin) ?? 0)) this.#violate(`${id} has a gap before ${messageKey(origin, seq)}`)
        if (this.#typed.get(messageKey(origin, seq)) !== text)
          this.#violate(`${id} holds a forged ${messageKey(origin, seq)}`)
        counts.set(origin, seq + 1)
      }
      for (const [origin, count] of this.#held.get(id) ?? [])
        if (counts.get(origin) !== count) this.#violate(`${id} forgot messages of ${origin}`)
    }
  }

  #violate(what: string) {
    this.violations.push(what)
  }
}

/** Live nodes that can reach one another over links between live nodes. */
function components(world: World): number[][] {
  const seen = new Set<number>()
  const found: number[][] = []
  for (const { id } of world.nodes) {
    if (seen.has(id) || !world.isAlive(id)) continue
    const component = [id]
    seen.add(id)
    for (const member of component)
      for (const next of world.neighboursOf(member)) {
        if (seen.has(next) || !world.isAlive(next)) continue
        seen.add(next)
        component.push(next)
      }
    found.push(component)
  }
  return found
}

/** The longest of the shortest ways between two live nodes, in links. */
export function diameter(world: World): number {
  let longest = 0
  for (const { id } of world.nodes) {
    if (!world.isAlive(id)) continue
    const distance = new Map([[id, 0]])
    for (const [node, steps] of distance) {
      longest = Math.max(longest, steps)
      for (const next of world.neighboursOf(node))
        if (world.isAlive(next) && !distance.has(next)) distance.set(next, steps + 1)
    }
  }
  return longest
}

/** How many messages without a gap a node holds, by origin. */
function contiguous(world: World, id: number): Map<Origin, number> {
  const counts = new Map<Origin, number>()
  for (const { origin, seq } of world.held(id)) if (seq === (counts.get(origin) ?? 0)) counts.set(origin, seq + 1)
  return counts
}

/** What all live nodes of each component hold together, by one of its members: the least they must agree on. */
export function unions(world: World): Map<number, Map<Origin, number>> {
  const result = new Map<number, Map<Origin, number>>()
  for (const component of components(world)) {
    const union = new Map<Origin, number>()
    for (const id of component)
      for (const [origin, count] of contiguous(world, id)) union.set(origin, Math.max(union.get(origin) ?? 0, count))
    for (const id of component) result.set(id, union)
  }
  return result
}

/** Why the live nodes do not agree yet on at least what they held together before; undefined when they do. */
export function disagreement(
  world: World,
  before: ReadonlyMap<number, ReadonlyMap<Origin, number>>,
): string | undefined {
  for (const component of components(world)) {
    const [first = 0] = component
    const reference = transcript(world, first)
    for (const id of component) {
      const held = contiguous(world, id)
      for (const [origin, count] of before.get(id) ?? [])
        if ((held.get(origin) ?? 0) < count)
          return `${id} holds ${held.get(origin) ?? 0} of ${count} messages of ${origin}`
      if (transcript(world, id) !== reference) return `${id} and ${first} hold different messages`
    }
  }
  return undefined
}

const transcript = (world: World, id: number): string =>
  world
    .held(id)
    .map(({ origin, seq, text }) => `${messageKey(origin, seq)} ${text}`)
    .sort()
    .join('\n')
