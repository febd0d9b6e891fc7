/**
 * Finds the events worth stepping to: the first copy of a message at a node, a loss, the end or the start of a node,
 * and the instant from which on nodes agree (`shared/model/agreement.ts`).
 */
import { Agreement } from '../../../shared/model/agreement.ts'
import type { LabEvent } from '../../../shared/model/event.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { isLoss } from '../../../shared/model/losses.ts'
import { countWhile } from '../../../shared/model/search.ts'

export type LandmarkKind = 'message' | 'copy' | 'loss' | 'crash' | 'stop' | 'start' | 'agreement' | 'network'

export interface Landmark {
  /** Number of its event. */
  readonly n: number
  readonly at: number
  readonly kind: LandmarkKind
  /** Null for a landmark of all nodes. */
  readonly node: number | null
}

export interface Landmarks {
  readonly all: readonly Landmark[]
  take(events: readonly LabEvent[]): void
  forget(before: number): void
  /** Returns the first one after an event, or the last one before it. */
  after(number: number): Landmark | undefined
  before(number: number): Landmark | undefined
}

export function createLandmarks(base: LabState): Landmarks {
  let all: Landmark[] = []
  const agreement = new Agreement(base)
  let agreed = agreement.isNews
  let begun = new Set(base.nodes.filter(({ status }) => status === 'running').map(({ id }) => id))

  /** Returns the kind of landmark of an event; null when it is none. */
  function kindOf(event: LabEvent): LandmarkKind | null {
    switch (event.type) {
      case 'network':
        begun = new Set()
        return 'network'
      case 'running': {
        const isNew = !begun.has(event.node)
        begun.add(event.node)
        return isNew ? 'start' : null
      }
      case 'ended':
        begun.delete(event.node)
        // A new network stops the nodes of the previous one: no alarm.
        return event.end.how === 'stopped' ? 'stop' : 'crash'
      case 'stored':
        return event.from === null ? 'message' : 'copy'
      case 'lost':
        return isLoss(event.why) ? 'loss' : null
      case 'sent':
        return event.fate === undefined ? null : 'loss'
      default:
        return null
    }
  }

  function take(event: LabEvent) {
    const kind = kindOf(event)
    const node = 'node' in event ? event.node : null
    if (kind !== null) all.push({ n: event.n, at: event.at, kind, node })
    if (!agreement.take(event)) return
    const before = agreed
    agreed = agreement.isNews
    // The end of the node that differed may also bring agreement.
    if (agreed && !before) all.push({ n: event.n, at: event.at, kind: 'agreement', node: null })
  }

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
