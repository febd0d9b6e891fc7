/**
 * Stores equal parts of statuses once. Every pair of an origin and its lowest number is one object, however many
 * statuses name it, and a node's status that repeats one of its latest is the same list. A lab of 64 nodes that were
 * restarted often sends statuses of a thousand pairs and more, of which nearly all are old.
 */
import type { Pair } from '../gossip/wire.ts'
import type { LabEvent, NodeReport } from './event.ts'

/**
 * Number of lists remembered per node: a long status comes in parts, and names another origin first to each neighbour.
 */
const REMEMBERED_LISTS = 8
/** Number of pairs past which all are forgotten: the next statuses create them again. */
const MAX_PAIRS = 262_144

type List = readonly Pair[]

export class SharedPairs {
  /** By origin and lowest number. */
  readonly #pairs = new Map<number, Map<number, Pair>>()
  #count = 0
  /** By node, the latest first. */
  readonly #lists = new Map<number, List[]>()

  /** Changes a report of a node so that its status shares parts with others. Precondition: nobody else has it yet. */
  share(node: number, report: NodeReport | LabEvent) {
    if ('content' in report && report.content?.kind === 'status')
      Object.assign(report.content, { pairs: this.#listOf(node, report.content.pairs) })
  }

  /** Changes events that have just been read. */
  shareAll(events: readonly LabEvent[]) {
    for (const event of events) if ('node' in event) this.share(event.node, event)
  }

  #listOf(node: number, pairs: List): List {
    const lists = this.#lists.get(node) ?? []
    this.#lists.set(node, lists)
    const shared = pairs.map((pair) => this.#pairOf(pair))
    const place = lists.findIndex((list) => isSame(list, shared))
    const list = lists[place] ?? shared
    if (place >= 0) lists.splice(place, 1)
    lists.unshift(list)
    lists.length = Math.min(lists.length, REMEMBERED_LISTS)
    return list
  }

  #pairOf(pair: Pair): Pair {
    const [origin, low] = pair
    let ofOrigin = this.#pairs.get(origin)
    const known = ofOrigin?.get(low)
    if (known) return known
    if (this.#count >= MAX_PAIRS) {
      this.#pairs.clear()
      this.#count = 0
      ofOrigin = undefined
    }
    if (!ofOrigin) {
      ofOrigin = new Map()
      this.#pairs.set(origin, ofOrigin)
    }
    ofOrigin.set(low, pair)
    this.#count += 1
    return pair
  }
}

/** Shared pairs are the same objects. */
const isSame = (one: List, other: List): boolean =>
  one.length === other.length && one.every((pair, place) => pair === other[place])
