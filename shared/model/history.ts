/**
 * Keeps the newest events of a lab, by number, and returns the state after any of them. It keeps the state before the
 * first event, and a checkpoint after every stretch of events; a state in between is the checkpoint before it and a
 * fold. A checkpoint costs little, because states share their unchanged parts.
 *
 * Folding an event costs more than keeping it, so `append` folds nothing. `checkpoint` and `catchUp` make the
 * checkpoints; the owner calls them when it has time, and any request for a state calls them too.
 */
import type { LabEvent } from './event.ts'
import { fold } from './fold.ts'
import { EMPTY_LAB, type LabState } from './lab-state.ts'
import { countWhile } from './search.ts'

/** Bounds of a history. Sizes are in the unit of `sizeOf`; without it, the history counts events. */
export interface HistoryOptions {
  /** Past either bound, the oldest events are forgotten, up to a checkpoint. */
  readonly maxEvents: number
  readonly maxSize?: number
  /** A stretch between two checkpoints ends at either bound. */
  readonly checkpointEvents: number
  readonly checkpointSize?: number
  readonly sizeOf?: (event: LabEvent) => number
  /**
   * Returns the size of what a checkpoint does not share with the one before it. The stretch between the two is at least
   * as large, so checkpoints never take more than the events.
   */
  readonly sizeOfState?: (state: LabState, before: LabState) => number
}

/** Share that is forgotten at a time, because forgetting moves everything that stays. */
const FORGOTTEN_SHARE = 0.1
/** Maximum share that is forgotten to end at a checkpoint that is there already. */
const MOST_FORGOTTEN_SHARE = 0.2

export class EventHistory {
  readonly #options: Required<HistoryOptions>
  #events: LabEvent[] = []
  /** Size of all events. */
  #size = 0
  /** Checkpoints in order; the first one is the state before the first event. */
  #checkpoints: LabState[]
  /** The fold over the events up to its `last`. Invariant: it is not older than the newest checkpoint. */
  #state: LabState
  /** Complete stretches that are not folded yet: number of the last event, and size of all events. */
  #due: { readonly upTo: number; readonly size: number }[] = []
  /** Start of the newest stretch, and the size of its events. */
  #stretch: { after: number; size: number }
  /** Size of the folded stretches since the newest checkpoint: too small for the state after them. */
  #skipped = 0
  /** Minimum size of a stretch, from the size of the state after the last folded stretch. */
  #leastSize = 0
  /**
   * By event: the latest time up to it, computed as far as a search went: the times of events are only almost in order.
   */
  #times: number[] = []

  constructor(base: LabState, options: HistoryOptions) {
    const unbounded = Number.POSITIVE_INFINITY
    this.#options = { maxSize: unbounded, checkpointSize: unbounded, sizeOf: () => 0, sizeOfState: () => 0, ...options }
    this.#checkpoints = [base]
    this.#state = base
    this.#stretch = { after: base.last, size: 0 }
  }

  /** The state before the first event. */
  get base(): LabState {
    return this.#checkpoints[0] ?? EMPTY_LAB
  }

  get events(): readonly LabEvent[] {
    return this.#events
  }

  /** Number of the newest event, or of the base's last one if there is none. */
  get last(): number {
    return this.base.last + this.#events.length
  }

  /** The fold over all events. */
  get state(): LabState {
    this.catchUp()
    return this.#state
  }

  /** Earliest time that can be shown, in ms of the lab: there is nothing to see before the first event. */
  get from(): number {
    return this.base.last === 0 ? (this.#events[0]?.at ?? this.base.at) : this.base.at
  }

  /** The time of the newest event, in ms of the lab. */
  get to(): number {
    return this.timeOf(this.last)
  }

  event(number: number): LabEvent | undefined {
    return this.#events[this.#place(number)]
  }

  /** Returns the events after number `after`, up to number `upTo`. */
  between(after: number, upTo: number): readonly LabEvent[] {
    return this.#events.slice(Math.max(0, this.#place(after) + 1), Math.max(0, this.#place(upTo) + 1))
  }

  /** Takes the next events. Ignores those that it has, and those that leave a gap. */
  append(events: readonly LabEvent[]) {
    const { maxEvents, maxSize } = this.#options
    let last = this.last
    for (const event of events) {
      if (event.n !== last + 1) continue
      last = event.n
      this.#events.push(event)
      this.#measure(event)
    }
    if (this.#events.length > maxEvents || this.#size > maxSize) this.#forget()
  }

  /** Returns whether these events and those that it has are within both bounds. */
  hasRoomFor(events: readonly LabEvent[]): boolean {
    const { maxEvents, maxSize, sizeOf } = this.#options
    if (this.#events.length + events.length > maxEvents) return false
    return events.reduce((size, event) => size + sizeOf(event), this.#size) <= maxSize
  }

  /**
   * Prepends events. Returns false when they leave a gap, or there is no room. @throws if they cannot be folded, and
   * then takes none.
   */
  prepend(base: LabState, events: readonly LabEvent[]): boolean {
    const { last } = this.base
    const past = events.filter(({ n }) => n <= last)
    const fits = past[0]?.n === base.last + 1 && past.at(-1)?.n === last
    if (!fits || !this.hasRoomFor(past)) return false
    const before = new EventHistory(base, this.#options)
    before.append(past)
    before.catchUp()
    this.#events = before.#events.concat(this.#events)
    this.#checkpoints = before.#checkpoints.concat(this.#checkpoints)
    this.#size += before.#size
    this.#times = []
    return true
  }

  /** Forgets the events after number `after`, which cannot be folded. */
  cut(after: number) {
    for (const event of this.#events.splice(Math.max(0, this.#place(after) + 1)))
      this.#size -= this.#options.sizeOf(event)
    this.#times.length = Math.min(this.#times.length, this.#events.length)
    this.#checkpoints = this.#checkpoints.filter(({ last }, index) => index === 0 || last <= after)
    this.#due = this.#due.filter(({ upTo }) => upTo <= after)
    const newest = this.#checkpoints.at(-1) ?? this.base
    if (this.#state.last > after) this.#state = newest
    this.#stretch = { after: this.#due.at(-1)?.upTo ?? newest.last, size: 0 }
  }

  /** Folds whole stretches that have no checkpoint yet, up to number `upTo`. */
  checkpoint(upTo = this.last) {
    const due = this.#due.filter((stretch) => stretch.upTo <= upTo)
    this.#due.splice(0, due.length)
    for (const stretch of due) {
      this.#state = fold(this.#state, this.between(this.#state.last, stretch.upTo))
      this.#keep(this.#state, stretch.size)
    }
  }

  /** Makes a checkpoint of the state after a stretch of that size, unless the state is larger than the events. */
  #keep(state: LabState, size: number) {
    const newest = this.#checkpoints.at(-1) ?? this.base
    this.#leastSize = this.#options.sizeOfState(state, newest)
    this.#skipped += size
    if (this.#skipped < this.#leastSize) return
    this.#checkpoints.push(state)
    this.#skipped = 0
  }

  /** Folds all events that are not in the newest state yet. */
  catchUp() {
    this.checkpoint()
    this.#state = fold(this.#state, this.between(this.#state.last, this.last))
  }

  /** Returns the state after the event of that number, or the nearest known state. */
  stateAt(number: number): LabState {
    const wanted = this.#clamp(number)
    this.checkpoint(wanted)
    const nearest = this.#state.last <= wanted ? this.#state : this.#checkpointBy(wanted)
    return fold(nearest, this.between(nearest.last, wanted))
  }

  /** Returns the stretch that the event before `number` is in: the checkpoint before it, and the number of its last event. */
  stretchBefore(number: number): { readonly state: LabState; readonly upTo: number } {
    this.checkpoint()
    const place = Math.max(0, countWhile(this.#checkpoints, ({ last }) => last < number - 1) - 1)
    return { state: this.#checkpoints[place] ?? this.base, upTo: this.#checkpoints[place + 1]?.last ?? this.last }
  }

  /** Returns the time of an event, in ms of the lab; for an event numbered late, the latest time before it. */
  timeOf(number: number): number {
    return this.#timesOfAll()[this.#place(this.#clamp(number))] ?? this.base.at
  }

  /** Returns the number of the last event that had happened at `time`, in ms of the lab. */
  numberAt(time: number): number {
    return this.base.last + countWhile(this.#timesOfAll(), (at) => at <= time)
  }

  #place(number: number): number {
    return number - this.base.last - 1
  }

  #clamp(number: number): number {
    return Math.min(this.last, Math.max(this.base.last, number))
  }

  #checkpointBy(number: number): LabState {
    return this.#checkpoints[countWhile(this.#checkpoints, ({ last }) => last <= number) - 1] ?? this.base
  }

  #timesOfAll(): readonly number[] {
    for (let place = this.#times.length; place < this.#events.length; place += 1)
      this.#times.push(Math.max(this.#times[place - 1] ?? this.base.at, this.#events[place]?.at ?? 0))
    return this.#times
  }

  /** Adds to the size of all events and of the newest stretch, which may end with this event. */
  #measure(event: LabEvent) {
    const { sizeOf, checkpointEvents, checkpointSize } = this.#options
    const size = sizeOf(event)
    this.#size += size
    this.#stretch.size += size
    const isFull = event.n - this.#stretch.after >= checkpointEvents || this.#stretch.size >= checkpointSize
    if (!isFull || this.#stretch.size < this.#leastSize) return
    this.#due.push({ upTo: event.n, size: this.#stretch.size })
    this.#stretch = { after: event.n, size: 0 }
  }

  /** Forgets a share of the events, up to a checkpoint: makes one where the share ends unless there is one soon after. */
  #forget() {
    this.checkpoint()
    const before = this.base.last
    const least = this.#countBeyond(1 - FORGOTTEN_SHARE)
    const most = this.#countBeyond(1 - MOST_FORGOTTEN_SHARE)
    const place = countWhile(this.#checkpoints, ({ last }) => last < before + least)
    const next = this.#checkpoints[place]
    if (next && next.last <= before + most) this.#checkpoints.splice(0, place)
    else this.#checkpoints.splice(0, place, this.stateAt(before + least))
    if (this.#state.last < this.base.last) this.#state = this.base
    const gone = this.base.last - before
    for (const event of this.#events.splice(0, gone)) this.#size -= this.#options.sizeOf(event)
    this.#times.splice(0, gone)
  }

  /** Returns how many of the oldest events must go so that the rest takes at most that share of each bound. */
  #countBeyond(share: number): number {
    const { maxEvents, maxSize, sizeOf } = this.#options
    const events = this.#events.length - maxEvents * share
    const size = this.#size - maxSize * share
    let count = 0
    for (let forgotten = 0; count < this.#events.length && (count < events || forgotten < size); count += 1) {
      const event = this.#events[count]
      if (event) forgotten += sizeOf(event)
    }
    return count
  }
}
