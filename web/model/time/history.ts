/**
 * Keeps the past so that the lab can be shown as of any event: the events by number, the state before the first of them,
 * and a checkpoint every so many. Checkpoints are cheap, because states share what did not change; a
 * state in between is the checkpoint before it and a fold.
 */
import type { LabEvent } from '../../../shared/model/event.ts'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../../shared/model/lab-state.ts'
import { countWhile } from './search.ts'

/** Events that are kept; past it the oldest are forgotten, this share of them at a time. */
export const MAX_HISTORY_EVENTS = 200_000
const FORGOTTEN_SHARE = 0.1

const CHECKPOINT_EVERY = 1_000

export interface History {
  /** The state before the first event. */
  readonly base: LabState
  readonly events: readonly LabEvent[]
  /** Number of the last event; of the base's last one while there is none. */
  readonly last: number
  /** From when on it can be shown and up to when, in ms of the lab. */
  readonly from: number
  readonly to: number
  /** Takes what happened next; what it has already, it takes no notice of. */
  append(events: readonly LabEvent[]): void
  /** Takes what happened before its first event. False when there is a gap between the two, or no room. */
  prepend(base: LabState, events: readonly LabEvent[]): boolean
  /** Forgets what came after that event: it cannot be folded. */
  cut(after: number): void
  event(number: number): LabEvent | undefined
  /** The events after number `after`, up to number `upTo`. */
  between(after: number, upTo: number): readonly LabEvent[]
  /** Returns the state after the event of that number, or the nearest that is known. */
  stateAt(number: number): LabState
  /** When an event became known to have happened: numbers follow time, but for what is numbered late. */
  timeOf(number: number): number
  /** The last event that had happened at `time`, in ms of the lab. */
  numberAt(time: number): number
}

interface HistoryOptions {
  readonly maxEvents?: number
  readonly checkpointEvery?: number
}

export function createHistory(
  base: LabState = EMPTY_LAB,
  { maxEvents = MAX_HISTORY_EVENTS, checkpointEvery = CHECKPOINT_EVERY }: HistoryOptions = {},
): History {
  let events: LabEvent[] = []
  /** Beside each event the latest time up to it: in order, where the times of events are only almost in order. */
  let times: number[] = []
  /** In order; the first one is the base. */
  let checkpoints: LabState[] = [base]

  const first = () => checkpoints[0] ?? base
  const last = () => events.at(-1)?.n ?? first().last
  const place = (number: number) => number - first().last - 1
  const clamp = (number: number) => Math.min(last(), Math.max(first().last, number))

  function between(after: number, upTo: number): readonly LabEvent[] {
    return events.slice(Math.max(0, place(after) + 1), Math.max(0, place(upTo) + 1))
  }

  function append(fresh: readonly LabEvent[]) {
    for (const event of fresh) {
      if (event.n !== last() + 1) continue
      events.push(event)
      times.push(Math.max(times.at(-1) ?? first().at, event.at))
      const before = checkpoints.at(-1) ?? base
      if (event.n - before.last >= checkpointEvery) checkpoints.push(fold(before, between(before.last, event.n)))
    }
    if (events.length > maxEvents) forget(events.length - maxEvents * (1 - FORGOTTEN_SHARE))
  }

  /** At least so many, up to a checkpoint. */
  function forget(count: number) {
    const upTo = first().last + count
    const keep = countWhile(checkpoints, ({ last }) => last < upTo)
    const kept = checkpoints[keep]
    if (!kept) return
    const gone = place(kept.last) + 1
    events.splice(0, gone)
    times.splice(0, gone)
    checkpoints.splice(0, keep)
  }

  return {
    get base() {
      return first()
    },
    get events() {
      return events
    },
    get last() {
      return last()
    },
    get from() {
      // Before its first event there is no lab to be seen.
      return first().last === 0 ? (times[0] ?? first().at) : first().at
    },
    get to() {
      return times.at(-1) ?? first().at
    },
    append,
    prepend(earlier, chunk) {
      const before = first()
      const past = chunk.filter(({ n }) => n <= before.last)
      const fits = past[0]?.n === earlier.last + 1 && past.at(-1)?.n === before.last
      if (!fits || events.length + past.length > maxEvents) return false
      // An event that cannot be folded is not taken.
      fold(earlier, past)
      const [laterEvents, laterTimes, laterCheckpoints] = [events, times, checkpoints]
      events = []
      times = []
      checkpoints = [earlier]
      for (const event of past) {
        events.push(event)
        times.push(Math.max(times.at(-1) ?? earlier.at, event.at))
      }
      events = events.concat(laterEvents)
      times = times.concat(laterTimes)
      checkpoints = checkpoints.concat(laterCheckpoints)
      return true
    },
    cut(after) {
      const keep = Math.max(0, place(after) + 1)
      events.length = Math.min(events.length, keep)
      times.length = events.length
      checkpoints = checkpoints.filter(({ last }, index) => index === 0 || last <= after)
    },
    event: (number) => events[place(number)],
    between,
    stateAt(number) {
      const wanted = clamp(number)
      const nearest = checkpoints[countWhile(checkpoints, ({ last }) => last <= wanted) - 1] ?? first()
      return fold(nearest, between(nearest.last, wanted))
    },
    timeOf(number) {
      return times[place(clamp(number))] ?? first().at
    },
    numberAt: (time) => first().last + countWhile(times, (at) => at <= time),
  }
}
