/**
 * What has happened in a lab: its newest events, by number, and the state after any of them. It keeps the state before the
 * first event, and a checkpoint after every stretch of them; a state in between is the checkpoint before it and a fold.
 * A checkpoint costs little, because states share what did not change.
 *
 * To fold an event costs more than to keep it, so `append` folds nothing. Checkpoints are made by `checkpoint` and
 * `catchUp`, which their owner calls when there is time, or as soon as somebody asks for a state.
 */
import type { LabEvent } from './event.ts'
import { fold } from './fold.ts'
import { EMPTY_LAB, type LabState } from './lab-state.ts'
import { countWhile } from './search.ts'

/** Bounds of a history. Sizes are in whatever `sizeOf` counts; without it, events alone are counted. */
export interface HistoryOptions {
  /** Past either of these, the oldest events are forgotten, up to a checkpoint. */
  readonly maxEvents: number
  readonly maxSize?: number
  /** A stretch between two checkpoints ends at either of these. */
  readonly checkpointEvents: number
  readonly checkpointSize?: number
  readonly sizeOf?: (event: LabEvent) => number
  /** Returns the size of a checkpoint; the stretch after it is at least as large, so that checkpoints never take more than the events. */
  readonly sizeOfState?: (state: LabState) => number
}

/** Forgetting moves all that is kept, so this share of it is forgotten at a time. */
const FORGOTTEN_SHARE = 0.1

export class EventHistory {
  readonly #options: Required<HistoryOptions>
  #events: LabEvent[] = []
  /** The size of all events. */
  #size = 0
  /** In order; the first one is the state before the first event. */
  #checkpoints: LabState[]
  /** The fold over the events up to its `last`, which is not before the newest checkpoint. */
  #state: LabState
  /** Numbers of events at the end of stretches that have no checkpoint yet. */
  #due: number[] = []
  /** Where the newest stretch begins, and the size of its events. */
  #stretch: { after: number; size: number }
  /** The least size of a stretch, by that of the newest checkpoint. */
  #leastSize = 0
  /** Beside each event the latest time up to it, as far as somebody has searched: the times of events are only almost in order. */
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

  /** Number of the newest event; of the base's last one while there is none. */
  get last(): number {
    return this.base.last + this.#events.length
  }

  /** The fold over all events. */
  get state(): LabState {
    this.catchUp()
    return this.#state
  }

  /** From when on the lab can be shown, in ms of the lab: before its first event there is none to be seen. */
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

  /** Takes the events that happened next, and ignores those that it has or that leave a gap. */
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

  /**
   * Takes the events that happened before the first one. Returns false when there is a gap between the two, or no room.
   * Throws where they cannot be folded, and then takes none.
   */
  prepend(base: LabState, events: readonly LabEvent[]): boolean {
    const { last } = this.base
    const past = events.filter(({ n }) => n <= last)
    const fits = past[0]?.n === base.last + 1 && past.at(-1)?.n === last
    if (!fits || this.#events.length + past.length > this.#options.maxEvents) return false
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
    this.#due = this.#due.filter((number) => number <= after)
    const newest = this.#checkpoints.at(-1) ?? this.base
    if (this.#state.last > after) this.#state = newest
    this.#stretch = { after: this.#due.at(-1) ?? newest.last, size: 0 }
  }

  /** Folds whole stretches of events that have no checkpoint yet, up to number `upTo`. */
  checkpoint(upTo = this.last) {
    let made = 0
    for (const number of this.#due) {
      if (number > upTo) break
      this.#state = fold(this.#state, this.between(this.#state.last, number))
      this.#checkpoints.push(this.#state)
      this.#leastSize = this.#options.sizeOfState(this.#state)
      made += 1
    }
    this.#due.splice(0, made)
  }

  /** Folds events that are not in the newest state yet, at most `limit`. */
  catchUp(limit = Number.POSITIVE_INFINITY) {
    const upTo = Math.min(this.last, this.#state.last + limit)
    this.checkpoint(upTo)
    this.#state = fold(this.#state, this.between(this.#state.last, upTo))
  }

  /** Returns the state after the event of that number; the nearest that is known. */
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

  /** Returns when an event was known to have happened, in ms of the lab: numbers follow time, but for what is numbered late. */
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

  /** Adds to the size of all events and of the newest stretch, which may end with this one. */
  #measure(event: LabEvent) {
    const { sizeOf, checkpointEvents, checkpointSize } = this.#options
    const size = sizeOf(event)
    this.#size += size
    this.#stretch.size += size
    const isFull = event.n - this.#stretch.after >= checkpointEvents || this.#stretch.size >= checkpointSize
    if (!isFull || this.#stretch.size < this.#leastSize) return
    this.#due.push(event.n)
    this.#stretch = { after: event.n, size: 0 }
  }

  /** Forgets up to the first checkpoint that leaves enough room, else all that can be forgotten. */
  #forget() {
    this.checkpoint()
    const { maxEvents, maxSize, sizeOf } = this.#options
    const events = this.#events.length - maxEvents * (1 - FORGOTTEN_SHARE)
    const size = this.#size - maxSize * (1 - FORGOTTEN_SHARE)
    let count = 0
    for (let forgotten = 0; count < this.#events.length && (count < events || forgotten < size); count += 1) {
      const event = this.#events[count]
      if (event) forgotten += sizeOf(event)
    }
    const before = this.base.last
    const keep = countWhile(this.#checkpoints, ({ last }) => last < before + count)
    if (keep < this.#checkpoints.length) this.#checkpoints.splice(0, keep)
    else this.#checkpoints = [this.state]
    const gone = this.base.last - before
    for (const event of this.#events.splice(0, gone)) this.#size -= sizeOf(event)
    this.#times.splice(0, gone)
  }
}
