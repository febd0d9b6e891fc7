/**
 * Holds a state of the lab while events change it. Copies each changed part once, and shares the rest with the old
 * state.
 */

import type { Origin } from '../gossip/origin.ts'
import type { Pair } from '../gossip/wire.ts'
import type { ViewersMay } from './event.ts'
import type { LinkConditions } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'
import type {
  CommandEcho,
  Comparisons,
  Datagram,
  HeldDatagram,
  LabState,
  MessageState,
  NodeState,
} from './lab-state.ts'
import { vectorOf } from './vectors.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

interface Parts {
  nodes: NodeState[]
  messages: MessageState[]
  places: Record<Origin, Record<number, number>>
  inFlight: Record<number, Datagram>
  held: Record<number, HeldDatagram>
  links: LinkConditions
  commands: CommandEcho[]
}

export class Draft {
  settings: LabSettings | null
  timersHeld: boolean
  viewersMay: ViewersMay
  comparisons: Comparisons | null
  recordingProblem: string
  readonly #parts: Parts
  readonly #owned = new Set<unknown>()
  /** By node and port: the last status received. `finish` makes a vector of it, because the next status replaces it. */
  readonly #heard = new Map<number, Map<number, readonly Pair[]>>()

  constructor(state: LabState) {
    const { settings, timersHeld, viewersMay, comparisons, recordingProblem } = state
    const { nodes, messages, places, inFlight, held, links, commands } = state
    this.settings = settings
    this.timersHeld = timersHeld
    this.viewersMay = viewersMay
    this.comparisons = comparisons
    this.recordingProblem = recordingProblem
    this.#parts = { nodes, messages, places, inFlight, held, links, commands } as Parts
  }

  finish(last: number, at: number): LabState {
    for (const [id, statuses] of this.#heard) {
      const node = this.node(id)
      if (node) for (const [port, pairs] of statuses) this.inside(node, 'heard')[port] = vectorOf(pairs)
    }
    const { settings, timersHeld, viewersMay, comparisons, recordingProblem } = this
    return { last, at, settings, timersHeld, viewersMay, comparisons, recordingProblem, ...this.#parts }
  }

  part<Key extends keyof Parts>(key: Key): Parts[Key] {
    if (!this.#owned.has(key)) {
      const part = this.#parts[key]
      this.#parts[key] = (Array.isArray(part) ? [...part] : { ...part }) as Parts[Key]
      this.#owned.add(key)
    }
    return this.#parts[key]
  }

  replace<Key extends keyof Parts>(key: Key, part: Parts[Key]) {
    this.#parts[key] = part
    this.#owned.add(key)
  }

  node(id: number): Mutable<NodeState> | undefined {
    return this.#item(this.part('nodes'), id)
  }

  /** Notes that a node has received a status from a port. */
  hear(id: number, port: number, pairs: readonly Pair[]) {
    const statuses = this.#heard.get(id) ?? new Map<number, readonly Pair[]>()
    this.#heard.set(id, statuses.set(port, pairs))
  }

  /** Undoes `hear` for a node, or for all. */
  forgetHeard(id?: number) {
    if (id === undefined) this.#heard.clear()
    else this.#heard.delete(id)
  }

  message(origin: Origin, seq: number): Mutable<MessageState> | undefined {
    const place = this.#parts.places[origin]?.[seq]
    return place === undefined ? undefined : this.#item(this.part('messages'), place)
  }

  addMessage(message: MessageState): Mutable<MessageState> | undefined {
    const { origin, seq } = message
    const messages = this.part('messages')
    const places = this.part('places')
    places[origin] ??= {}
    const ofOrigin = this.#item(places, origin)
    if (ofOrigin) ofOrigin[seq] = messages.length
    messages.push(message)
    return this.message(origin, seq)
  }

  /** Returns the state for reading only. */
  look<Key extends keyof Parts>(key: Key): Readonly<Parts[Key]> {
    return this.#parts[key]
  }

  holds(id: number, origin: Origin, seq: number): boolean {
    const place = this.#parts.places[origin]?.[seq]
    const copy = place === undefined ? undefined : this.#parts.messages[place]?.copies[id]
    return copy !== undefined && copy.lostAt === null
  }

  /** Returns a record inside an item that the draft has already copied. */
  inside<Item, Key extends keyof Item>(item: Item, key: Key): Mutable<Item[Key]> {
    if (!this.#owned.has(item[key])) {
      item[key] = { ...item[key] }
      this.#owned.add(item[key])
    }
    return item[key]
  }

  #item<T extends object>(items: T[] | Record<number, T>, index: number): Mutable<T> | undefined {
    return items[index] === undefined ? undefined : this.inside<Record<number, T>, number>(items, index)
  }
}
