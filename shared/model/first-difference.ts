/** Finds where two runs from the same instant part. */
import type { LabEvent } from './event.ts'

/** The first events that differ; null where a run has ended. */
export interface Difference {
  readonly one: LabEvent | null
  readonly other: LabEvent | null
}

/** Difference in time up to which two events are the same, in ms: real processes take their time. */
const SAME_WITHIN_MS = 5
/** Events that tell nothing about the run itself. */
const ASIDE: ReadonlySet<LabEvent['type']> = new Set(['counters', 'sampling', 'recording', 'viewers', 'output'])

/**
 * Returns the earliest event of either run that the other one does not have at about the same time; undefined if there
 * is none.
 */
export function firstDifference(one: readonly LabEvent[], other: readonly LabEvent[]): Difference | undefined {
  const [mine, theirs] = [new Unmatched(one), new Unmatched(other)]
  const first = one.find((event) => !ASIDE.has(event.type) && !theirs.take(event))
  const second = other.find((event) => !ASIDE.has(event.type) && !mine.take(event))
  if (!first && !second) return undefined
  // The other run did something else soon after, or nothing.
  return first && (!second || first.at <= second.at)
    ? { one: first, other: second ?? null }
    : { one: first ?? null, other: second ?? null }
}

/** The events of a run that no event of the other one matches yet. */
class Unmatched {
  readonly #times = new Map<string, number[]>()

  constructor(events: readonly LabEvent[]) {
    for (const event of events) {
      const times = this.#times.get(nameOf(event))
      if (times) times.push(event.at)
      else this.#times.set(nameOf(event), [event.at])
    }
  }

  take(event: LabEvent): boolean {
    const times = this.#times.get(nameOf(event)) ?? []
    const place = times.findIndex((at) => Math.abs(at - event.at) <= SAME_WITHIN_MS)
    if (place >= 0) times.splice(place, 1)
    return place >= 0
  }
}

/** Equal for events that do the same. */
function nameOf(event: LabEvent): string {
  const node = 'node' in event ? event.node : ''
  switch (event.type) {
    case 'sent':
      return `sent ${node} ${event.to} ${event.why} ${event.fate ?? ''} ${JSON.stringify(event.content)}`
    case 'received':
      return `received ${node} ${event.from}`
    case 'coin':
      return `coin ${node} ${event.origin} ${event.seq} ${event.goesOnTo}`
    case 'stored':
      return `stored ${node} ${event.origin} ${event.seq}`
    case 'command':
      return `command ${event.line}`
    default:
      return `${event.type} ${node}`
  }
}

/** Returns which chance made two runs part, in words; null if something else did. */
export function chanceIn({ one, other }: Difference): string | null {
  const earlier = !one || (other && other.at < one.at) ? other : one
  if (!earlier) return null
  switch (earlier.type) {
    case 'coin':
      return 'the coin'
    case 'sent':
      if (earlier.fate === 'loss') return 'the loss of a link'
      if (earlier.why === 'new' || earlier.why === 'coin') return 'the choice of a neighbour'
      return 'a timer'
    default:
      return null
  }
}
