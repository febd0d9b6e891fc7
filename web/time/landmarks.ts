/**
 * What somebody who looks for something steps to: the first copy of a message at a node, a loss, an end or a beginning
 * of a node, and the instant from which on all running nodes hold the same.
 */
import type { LabEvent } from '../../shared/event.ts'
import { messageKey } from '../../shared/gossip/origin.ts'
import type { LabState } from '../../shared/lab-state.ts'
import { countWhile } from './search.ts'

export type LandmarkKind = 'message' | 'copy' | 'loss' | 'crash' | 'start' | 'agreement' | 'network'

export interface Landmark {
  /** Number of its event. */
  readonly n: number
  readonly at: number
  readonly kind: LandmarkKind
  /** Null where it is about all. */
  readonly node: number | null
}

export interface Landmarks {
  readonly all: readonly Landmark[]
  take(events: readonly LabEvent[]): void
  forget(before: number): void
  /** The first one after an event, or the last one before it. */
  after(number: number): Landmark | undefined
  before(number: number): Landmark | undefined
}

export function createLandmarks(base: LabState): Landmarks {
  let all: Landmark[] = []
  /** What each running node holds. */
  let holds = new Map<number, Set<string>>()
  /** How many running nodes hold each message. */
  let holders = new Map<string, number>()
  let agreed = false

  function give(node: number, key: string) {
    const held = holds.get(node)
    if (!held || held.has(key)) return
    held.add(key)
    holders.set(key, (holders.get(key) ?? 0) + 1)
  }

  function takeAway(node: number) {
    for (const key of holds.get(node) ?? []) {
      const left = (holders.get(key) ?? 1) - 1
      if (left === 0) holders.delete(key)
      else holders.set(key, left)
    }
    holds.delete(node)
  }

  function agree(): boolean {
    if (holds.size < 2 || holders.size === 0) return false
    for (const held of holds.values()) if (held.size < holders.size) return false
    return true
  }

  /** What an event is to somebody who looks for something; null when nothing. */
  function kindOf(event: LabEvent): LandmarkKind | null {
    switch (event.type) {
      case 'network':
        holds = new Map()
        holders = new Map()
        return 'network'
      case 'running': {
        const isNew = !holds.has(event.node)
        if (isNew) holds.set(event.node, new Set())
        return isNew ? 'start' : null
      }
      case 'ended':
        takeAway(event.node)
        return 'crash'
      case 'stored':
        give(event.node, messageKey(event.origin, event.seq))
        return event.from === null ? 'message' : 'copy'
      case 'lost':
        // A node that starts before its neighbours greets them too early: nothing to stop at.
        return event.why === 'unreported' || event.why === 'early' ? null : 'loss'
      case 'sent':
        return event.fate === undefined ? null : 'loss'
      default:
        return null
    }
  }

  function take(event: LabEvent) {
    const kind = kindOf(event)
    if (kind === null) return
    const node = 'node' in event ? event.node : null
    all.push({ n: event.n, at: event.at, kind, node })
    if (kind === 'loss') return
    const before = agreed
    agreed = agree()
    // It may be reached by the end of the one that differed, too.
    if (agreed && !before) all.push({ n: event.n, at: event.at, kind: 'agreement', node: null })
  }

  for (const { id, status } of base.nodes) if (status === 'running') holds.set(id, new Set())
  for (const { key, copies } of base.messages)
    for (const [id, { lostAt }] of Object.entries(copies)) if (lostAt === null) give(Number(id), key)
  agreed = agree()

  return {
    get all() {
      return all
    },
    take(events) {
      for (const event of events) take(event)
    },
    forget(before) {
      all = all.filter(({ n }) => n >= before)
    },
    after: (number) => all[countWhile(all, ({ n }) => n <= number)],
    before: (number) => all[countWhile(all, ({ n }) => n < number) - 1],
  }
}
