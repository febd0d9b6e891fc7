/**
 * Checks what must always hold (docs/protocol.md, Invariants) from outside: from the trace alone and from the
 * logs of the nodes. The checked code uses nothing from here.
 */
import type { Fact } from '../gossip/effects.ts'
import type { Entry } from '../gossip/log.ts'
import { formatOrigin, messageKey, type Origin } from '../gossip/origin.ts'
import { encodeText } from '../gossip/text.ts'
import { diameterOf, membersOf, partsOf } from '../model/reach.ts'
import type { TraceEvent } from './trace.ts'

type Stored = Extract<Fact, { type: 'stored' }>

/** Checked nodes, by id. */
export interface CheckedWorld {
  readonly nodes: readonly { readonly id: number }[]
  /** Whether nodes can lose the lives that they count in. */
  readonly isStandalone: boolean
  isAlive(id: number): boolean
  neighboursOf(id: number): readonly number[]
  /** Returns the messages of a node, in the canonical order. */
  held(id: number): readonly Entry[]
}

const NONE: ReadonlySet<string> = new Set()

/** One node as its trace shows it. */
interface Watched {
  /** Number of messages of each origin that it showed in this process. */
  readonly held: Map<Origin, number>
  /** Those of them that it no longer shows. */
  readonly displaced: Set<string>
  typing: string | undefined
  /** All texts typed at it in this process. */
  readonly typed: Set<string>
  /** The latest generation that it was ever in. */
  latest: number
  /** Whether it is in a generation that it was in before. */
  hasLostLife: boolean
  /** Whether it has begun another life in this process, and may send its messages again. */
  hasChangedLife: boolean
  /** Messages typed at it in this process in a generation that it was in before. */
  readonly typedInLostLife: Set<string>
  /** Messages of which it stored one text in this process and met another. */
  readonly met: Set<string>
}

/** Checks a trace for events that must never happen. */
export class Watcher {
  readonly violations: string[] = []
  /**
   * The wire forms of the texts that were really typed, by message: several only if a node lost a life and did not know
   * yet.
   */
  readonly #typed = new Map<string, Set<string>>()
  readonly #nodes = new Map<number, Watched>()

  see(event: TraceEvent) {
    const node = this.#node(event.node)
    switch (event.type) {
      case 'started':
        node.held.clear()
        node.displaced.clear()
        node.typed.clear()
        node.typedInLostLife.clear()
        node.met.clear()
        node.hasLostLife = event.generation <= node.latest
        node.hasChangedLife = false
        node.latest = Math.max(node.latest, event.generation)
        break
      case 'new-life':
        if (event.generation <= node.latest && !node.hasLostLife) this.#violate(`${event.node} begins a life again`)
        node.hasLostLife = event.generation <= node.latest
        node.hasChangedLife = true
        node.latest = Math.max(node.latest, event.generation)
        break
      case 'ended':
        node.held.clear()
        node.displaced.clear()
        break
      case 'typed':
        node.typing = event.text
        node.typed.add(event.text)
        break
      case 'displaced':
        node.displaced.add(messageKey(event.origin, event.seq))
        break
      case 'contradicted':
        node.met.add(messageKey(event.origin, event.seq))
        break
      case 'fact':
        if (event.fact.type === 'stored') this.#seeStored(event.node, node, event.fact)
    }
  }

  #seeStored(id: number, node: Watched, { origin, seq, text, wire, from }: Stored) {
    const key = messageKey(origin, seq)
    const bytes = wire ?? encodeText(text)
    const typed = this.#typed.get(key) ?? new Set()
    if (from === null) {
      // A foreign program sends a typed text unchanged.
      const said = wire ?? text
      if (node.typing !== said && !(node.hasChangedLife && node.typed.has(said))) this.#violate(`${id} made up ${key}`)
      if (node.hasLostLife) node.typedInLostLife.add(key)
      else if (typed.size > 0) this.#violate(`${id} used the number of ${key} twice`)
      this.#typed.set(key, typed.add(bytes))
    }
    if (!typed.has(bytes)) this.#violate(`${id} holds ${key} '${text}', which nobody typed`)
    if (node.displaced.delete(key)) {
      if (!node.typed.has(text)) node.met.add(key)
      return
    }
    const count = node.held.get(origin) ?? 0
    if (seq < count) this.#violate(`${id} stored ${key} twice`)
    if (seq > count) this.#violate(`${id} shows ${key} before ${messageKey(origin, count)}`)
    node.held.set(origin, count + 1)
  }

  /** Compares the messages of the live nodes now with the trace: none is missing, no gap, no extra message. */
  checkLogs(world: CheckedWorld) {
    for (const { id } of world.nodes) {
      const counts = new Map<Origin, number>()
      for (const { origin, seq, text } of world.held(id)) {
        const key = messageKey(origin, seq)
        if (seq !== (counts.get(origin) ?? 0)) this.#violate(`${id} has a gap before ${key}`)
        if (!this.#typed.get(key)?.has(text)) this.#violate(`${id} holds a forged ${key}`)
        counts.set(origin, seq + 1)
      }
      const { held, displaced } = this.#node(id)
      for (const [origin, count] of held) {
        const given = [...displaced].filter((key) => key.startsWith(`${formatOrigin(origin)}.`)).length
        if ((counts.get(origin) ?? 0) !== count - given) this.#violate(`${id} forgot messages of ${origin}`)
      }
    }
  }

  /**
   * Messages of which several texts were typed, without a node that can decide between them: no live node met two of
   * them; or their node has ended since, or has not learned that it lost a life, and so sends neither again. In a
   * disturbed network the nodes that could decide may never have met.
   */
  undecided(world: CheckedWorld, isDisturbed: boolean): ReadonlySet<string> {
    const undecided = new Set([...this.#typed].filter(([, texts]) => texts.size > 1).map(([key]) => key))
    if (isDisturbed || undecided.size === 0) return undecided
    const live = [...this.#nodes].filter(([id]) => world.isAlive(id)).map(([, node]) => node)
    for (const { typedInLostLife, hasChangedLife, hasLostLife } of live)
      for (const key of hasChangedLife && !hasLostLife ? typedInLostLife : NONE)
        if (this.#typed.get(key)?.size === 2 && live.some(({ met }) => met.has(key))) undecided.delete(key)
    return undecided
  }

  #node(id: number): Watched {
    const node = this.#nodes.get(id) ?? {
      held: new Map(),
      displaced: new Set(),
      typing: undefined,
      typed: new Set(),
      latest: -1,
      hasLostLife: false,
      hasChangedLife: false,
      typedInLostLife: new Set(),
      met: new Set(),
    }
    this.#nodes.set(id, node)
    return node
  }

  #violate(what: string) {
    this.violations.push(what)
  }
}

/** The links of a world, and which of its nodes live. */
const graphOf = (world: CheckedWorld) =>
  [world.nodes.map(({ id }) => world.neighboursOf(id)), world.nodes.map(({ id }) => world.isAlive(id))] as const

/** Returns the live nodes that can reach one another over links between live nodes. */
const components = (world: CheckedWorld): number[][] => membersOf(partsOf(...graphOf(world)))

/** Returns the longest shortest path between two live nodes, in links. */
export const diameter = (world: CheckedWorld): number => diameterOf(...graphOf(world))

/**
 * Returns all messages of the live nodes in each component, by one of its members: the minimum on which they must
 * agree.
 */
export function unions(world: CheckedWorld, undecided = NONE): Map<number, ReadonlySet<string>> {
  const result = new Map<number, ReadonlySet<string>>()
  for (const component of components(world)) {
    const union = new Set(component.flatMap((id) => names(world, id, undecided)))
    for (const id of component) result.set(id, union)
  }
  return result
}

/**
 * Returns why the live nodes do not agree yet on at least the messages that they had together before, or undefined when
 * they do. Texts of undecided messages may differ.
 */
export function disagreement(
  world: CheckedWorld,
  before: ReadonlyMap<number, ReadonlySet<string>>,
  undecided = NONE,
): string | undefined {
  for (const component of components(world)) {
    const [first = 0] = component
    const reference = transcript(world, first, undecided)
    for (const id of component) {
      const held = new Set(world.held(id).map((entry) => nameOf(world, entry)))
      for (const name of before.get(id) ?? []) if (!held.has(name)) return `${id} does not hold '${name}'`
      if (transcript(world, id, undecided) !== reference) return `${id} and ${first} have different messages`
    }
  }
  return undefined
}

const names = (world: CheckedWorld, id: number, undecided: ReadonlySet<string>): string[] =>
  world
    .held(id)
    .filter(({ origin, seq }) => !undecided.has(messageKey(origin, seq)))
    .map((entry) => nameOf(world, entry))

/** Names a message by number and text, but by its text alone if it may be sent again under another number. */
const nameOf = (world: CheckedWorld, { origin, seq, text }: Entry): string =>
  world.isStandalone ? text : `${messageKey(origin, seq)} ${text}`

function transcript(world: CheckedWorld, id: number, undecided: ReadonlySet<string>): string {
  const lines = world.held(id).map(({ origin, seq, text }) => {
    const key = messageKey(origin, seq)
    return undecided.has(key) ? key : `${key} ${text}`
  })
  return lines.sort().join('\n')
}
