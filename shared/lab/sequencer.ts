/**
 * Makes the event stream: puts reports of nodes and facts of the lab in order of time, numbers them, folds them into
 * the state and keeps the newest part for pages that come back.
 *
 * Batches of different nodes arrive out of step, so an event waits ORDERING_WINDOW_MS before it gets its number, and
 * longer when reports come late. An even later event is numbered late: numbers never change, and `at` is still when it
 * happened. Where every report arrives in its instant, events get their numbers at the end of theirs.
 */

import type { LabEvent, LabFact, NodeReport } from '../model/event.ts'
import { memoryOf } from '../model/event-memory.ts'
import type { LabState } from '../model/lab-state.ts'
import { SharedPairs } from '../model/shared-pairs.ts'
import type { Timer } from '../node/platform.ts'
import { Deliveries, type DeliveriesOptions } from './deliveries.ts'
import { EventJson } from './event-json.ts'
import { EventLog } from './event-log.ts'
import { HeldNumbers } from './held-numbers.ts'
import type { LabOrigin } from './lab-origin.ts'
import type { LabPlatform } from './lab-platform.ts'

/** Time that the supervisor waits for slower nodes before it numbers events in order of time, in ms. */
export const ORDERING_WINDOW_MS = 20
/** Maximum of that time, in ms, on a machine where reports came later; it decreases by 20 ms a second. */
const MAX_ORDERING_WINDOW_MS = 150
/** Time between two releases of numbered events, in ms. */
export const RELEASE_EVERY_MS = 10

type ReportOf<Type extends NodeReport['type']> = Extract<NodeReport, { type: Type }>

/** An event that waits for its number. */
type Pending = { readonly at: number } & (
  | { readonly fact: LabFact }
  | { readonly node: number; readonly report: NodeReport }
)

/** Reports as their node sent them. */
interface Packed {
  readonly node: number
  readonly reports: readonly NodeReport[]
  /** Converts a time of the node's clock to the lab's, and gives its uncertainty in ms. */
  readonly labTime: (at: number) => number
  readonly uncertaintyMs: number
}

/** Decrease of the wait for slower nodes with each release, in ms: a delay is forgotten within seconds. */
const WINDOW_EASE_MS = RELEASE_EVERY_MS / 50

/** Interval of the search for overdue datagrams, in ms. */
const OVERDUE_EVERY_MS = 500

/** Number of waiting events past which they are released less often, and the interval then, in ms. */
const BURST = 1_000
const RELEASE_IN_BURST_EVERY_MS = 100
/** Interval in a burst while nobody watches, in ms: by then it is usually over, and the nodes have had the processor. */
const RELEASE_UNWATCHED_EVERY_MS = 2_000
/** Number of waiting events past which a burst waits no longer, watched or not: releasing them all takes a while. */
const MAX_WAITING = 75_000
/** Maximum memory of waiting events, in bytes. Past it all are released at once, though slower nodes may still report. */
export const MAX_WAITING_BYTES = 32 * 1_024 * 1_024

export interface SequencerOptions extends Pick<DeliveriesOptions, 'sockets' | 'isStranger' | 'responsiveFor'> {
  readonly platform: Pick<LabPlatform, 'every' | 'cancel'>
  /** Returns the lab's clock, in ms since it began. */
  readonly now: () => number
  /** Called when new events can be read. */
  readonly onRelease: () => void
  /** Returns whether anybody reads them as they come. */
  readonly isWatched: () => boolean
  /** The state from which a lab goes on; the stream then begins after its last event. */
  readonly origin?: LabOrigin | undefined
  /** See NodeHost. If missing, events wait for slower nodes. */
  readonly afterInstant?: ((call: () => void) => void) | undefined
}

export class Sequencer {
  readonly json = new EventJson()
  readonly #options: SequencerOptions
  readonly #timer: Timer
  readonly #deliveries: Deliveries
  /** Packed until their release: events that nobody reads yet should cost next to nothing. */
  #packed: Packed[] = []
  #packedReports = 0
  #pending: Pending[] = []
  /** Memory of waiting events, in bytes, and the part of it that the last release left. */
  #waitingBytes = 0
  #leftBytes = 0
  readonly #log: EventLog
  #fresh: LabEvent[] = []
  #next = 1
  readonly #heldNumbers = new HeldNumbers()
  readonly #sharedPairs = new SharedPairs()
  #lookedForOverdueAt = 0
  /** Time up to which everything has its number, except late reports. */
  #releasedAt = Number.NEGATIVE_INFINITY
  /** Present wait for slower nodes, in ms. */
  #window: number
  #willRelease = false
  #waiters: { readonly at: number; readonly resolve: () => void }[] = []

  constructor(options: SequencerOptions) {
    const { origin } = options
    this.#options = options
    this.#log = new EventLog(origin?.state)
    this.#deliveries = new Deliveries({
      ...options,
      onLost: (datagram, why, at) => {
        if (at === undefined) this.append({ type: 'lost', datagram, why })
        else this.#push({ n: this.#next, at, type: 'lost', datagram, why })
      },
    })
    if (origin) this.#resume(origin)
    this.#window = this.#leastWindow()
    this.#timer = options.platform.every(RELEASE_EVERY_MS, () => this.#releaseInTime())
  }

  #resume({ state, hashOf }: LabOrigin) {
    const { rootId = 0 } = state.settings ?? {}
    this.#next = state.last + 1
    this.#heldNumbers.resume(Object.values(state.held).map((held) => ({ ...held, node: held.from - rootId })))
    this.#deliveries.resume(state, hashOf)
  }

  /** The fold over all numbered events. */
  get state(): LabState {
    return this.#log.state
  }

  /** Number of the newest event; 0 while there is none. */
  get last(): number {
    return this.#log.last
  }

  /** Number of the oldest event that is kept. */
  get oldest(): number {
    return this.#log.oldest
  }

  /** The state before the oldest event that is kept. */
  get base(): LabState {
    return this.#log.base
  }

  /** See EventLog. */
  read(from: number, limit: number, chars?: number): readonly LabEvent[] {
    return this.#log.read(from, limit, chars)
  }

  stateAfter(number: number): LabState {
    return this.#log.stateAt(number)
  }

  stretchBefore(number: number) {
    return this.#log.stretchBefore(number)
  }

  /** Appends a fact of the lab, with the present time. */
  append(fact: LabFact) {
    this.#pending.push({ at: this.#options.now(), fact })
    this.#bill(memoryOf(fact))
    this.#releaseAfterInstant()
  }

  /** Takes a node's reports; `labTime` converts a time of the node's clock to the lab's, with an uncertainty in ms. */
  appendReports(
    node: number,
    reports: readonly NodeReport[],
    labTime: Packed['labTime'] = (at) => at,
    uncertaintyMs = 0,
  ) {
    this.#packed.push({ node, reports, labTime, uncertaintyMs })
    // Shares at once: one status may name a thousand origins.
    for (const report of reports) this.#sharedPairs.share(node, report)
    this.#packedReports += reports.length
    this.#bill(reports.reduce((bytes, report) => bytes + memoryOf(report), 0))
    this.#releaseAfterInstant()
  }

  /**
   * Adds to the memory of waiting events, and releases them past the bound. Arrivals whose sending may still be reported
   * stay: they are small and wait MATCH_PATIENCE_MS at most. The bound counts what came after that release.
   */
  #bill(bytes: number) {
    this.#waitingBytes += bytes
    if (this.#waitingBytes > MAX_WAITING_BYTES + this.#leftBytes) this.#releaseAll()
  }

  /** Resolves when the state contains everything that has happened up to now. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push({ at: this.#options.now(), resolve })
      this.#releaseAfterInstant()
    })
  }

  /** Numbers all waiting events, and ends. */
  close() {
    this.#options.platform.cancel(this.#timer)
    this.#releaseAll()
  }

  #releaseAfterInstant() {
    if (this.#willRelease || !this.#options.afterInstant) return
    this.#willRelease = true
    this.#options.afterInstant(() => {
      this.#willRelease = false
      this.#releaseAll()
    })
  }

  #releaseAll() {
    this.#unpack()
    this.#release(Math.max(this.#releasedAt, this.#options.now()))
  }

  #releaseInTime() {
    this.#window = Math.max(this.#leastWindow(), this.#window - WINDOW_EASE_MS)
    const waiting = this.#pending.length + this.#packedReports
    const isBurst = waiting > BURST
    if (isBurst && waiting < MAX_WAITING && this.#until() < this.#releasedAt + this.#releaseInBurstEvery()) return
    // A new report may show that the others come later.
    this.#unpack()
    this.#release(this.#until())
  }

  /** Returns the time up to which everything has probably been reported. */
  #until(): number {
    return Math.max(this.#releasedAt, this.#options.now() - this.#window)
  }

  #leastWindow(): number {
    return this.#options.afterInstant ? 0 : ORDERING_WINDOW_MS
  }

  /**
   * Time between two folds, in ms. The cost of a fold depends mostly on the parts that its events touch, not on their
   * number.
   */
  #releaseInBurstEvery(): number {
    const isWanted = this.#waiters.length > 0 || this.#options.isWatched()
    return isWanted ? RELEASE_IN_BURST_EVERY_MS : RELEASE_UNWATCHED_EVERY_MS
  }

  #release(until: number) {
    this.#releasedAt = until
    this.#waitingBytes = 0
    const due = this.#pending.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
    this.#pending = this.#pending.filter(({ at }) => at > until)
    for (const pending of due) {
      if ('fact' in pending) this.#releaseFact(pending.at, pending.fact)
      else if (!this.#releaseReport(pending.at, pending.node, pending.report, until)) this.#pending.push(pending)
    }
    this.#leftBytes = this.#pending.reduce((sum, pending) => sum + memoryOfPending(pending), 0)
    this.#waitingBytes = this.#leftBytes
    this.#giveUpOverdue(until)
    this.#publish()
    for (const waiter of this.#waiters) if (waiter.at <= until) waiter.resolve()
    this.#waiters = this.#waiters.filter(({ at }) => at > until)
  }

  #unpack() {
    let earliest = Number.POSITIVE_INFINITY
    for (const { node, reports, labTime, uncertaintyMs } of this.#packed) {
      for (const packed of reports) {
        const report = uncertaintyMs > 0 ? { ...packed, uncertaintyMs } : packed
        const at = labTime(report.at)
        earliest = Math.min(earliest, at)
        this.#pending.push({ at, node, report })
      }
    }
    // A report is late because the machine is busy: wait longer from now on, so that the next ones are in order of
    // time.
    const late = Math.max(0, this.#releasedAt - earliest)
    this.#window = Math.min(MAX_ORDERING_WINDOW_MS, this.#window + late)
    this.#packed = []
    this.#packedReports = 0
  }

  #releaseFact(at: number, fact: LabFact) {
    this.#push({ n: this.#next, at, ...fact })
    if (fact.type === 'network') this.#heldNumbers.clear()
    if (fact.type === 'starting') this.#heldNumbers.forgetNode(fact.node)
    this.#deliveries.note(fact, at)
  }

  /** Returns false when the report has to wait for another one. */
  #releaseReport(at: number, node: number, report: NodeReport, until: number): boolean {
    if (report.type === 'sent') {
      this.#releaseSent(at, node, report)
      return true
    }
    if (report.type === 'received' || report.type === 'airborne') return this.#releaseArrival(at, node, report, until)
    if (report.type === 'rejected') return this.#releaseRejected(at, node, report, until)
    if (report.type === 'listening') this.#deliveries.listen(node, at)
    else if (report.type === 'held') this.#releaseHeld(at, node, report)
    else if (report.type === 'line') {
      this.#push({ n: this.#next, at, type: 'command', by: 'proxy', line: `${node} ${report.line}`, output: [] })
    } else {
      if (report.type === 'sampling') this.#deliveries.sample(node, report.every, at)
      // Uses the report itself, which has no other owner: in a burst, copying each would take a third of the time.
      this.#push(Object.assign(report, { n: this.#next, at, node }))
    }
    return true
  }

  #releaseArrival(at: number, node: number, report: ReportOf<'received' | 'airborne'>, until: number): boolean {
    const datagram =
      report.type === 'received'
        ? this.#deliveries.receive(report, node, at)
        : this.#deliveries.matchDelayed(report, node, at, report.delayMs)
    if (datagram === undefined && this.#deliveries.mayBeReported(report.from, at, until)) return false
    const numbered = { n: this.#next, at, node }
    if (report.type === 'received')
      this.#push(Object.assign(without(report, ['hash', 'delayId']), numbered, { datagram: datagram ?? null }))
    else if (datagram !== undefined)
      this.#push(Object.assign(without(report, ['hash', 'delayId']), numbered, { datagram }))
    return true
  }

  /** A datagram that the receiver rejected has nevertheless arrived. */
  #releaseRejected(at: number, node: number, report: ReportOf<'rejected'>, until: number): boolean {
    const { hash, delayId } = report
    const rejected = without(report, ['hash', 'delayId'])
    const name = { from: rejected.from, ...(delayId === undefined ? {} : { delayId }) }
    const datagram = hash === undefined ? undefined : this.#deliveries.receive({ hash, ...name }, node, at)
    if (hash !== undefined && datagram === undefined && this.#deliveries.mayBeReported(rejected.from, at, until))
      return false
    this.#push(Object.assign(rejected, { n: this.#next, at, node }, datagram === undefined ? {} : { datagram }))
    return true
  }

  #releaseHeld(at: number, node: number, report: ReportOf<'held'>) {
    const held = without(report, ['copyOf'])
    const copyOf = this.#heldNumbers.of(node, report.copyOf)
    const number = this.#heldNumbers.give(node, held.ticket)
    this.#push({ ...held, n: this.#next, at, node, number, ...(copyOf === undefined ? {} : { copyOf }) })
  }

  #releaseSent(at: number, node: number, report: ReportOf<'sent'>) {
    const sent = without(report, ['hash', 'ticket'])
    const held = this.#heldNumbers.take(node, report.ticket)
    const event = Object.assign(sent, { n: this.#next, at, node }, held === undefined ? {} : { held })
    this.#push(event)
    if (sent.fate === undefined) this.#deliveries.send(event, report.hash)
  }

  /** Not at every release, because it scans all datagrams in flight. */
  #giveUpOverdue(until: number) {
    if (until < this.#lookedForOverdueAt + OVERDUE_EVERY_MS) return
    this.#lookedForOverdueAt = until
    this.#deliveries.giveUp(until)
  }

  #push(event: LabEvent) {
    this.#fresh.push(event)
    this.#next += 1
  }

  #publish() {
    if (this.#fresh.length === 0) return
    this.#log.append(this.#fresh)
    this.#log.catchUp()
    this.#fresh = []
    this.#options.onRelease()
  }
}

const memoryOfPending = (pending: Pending): number => memoryOf('fact' in pending ? pending.fact : pending.report)

/**
 * Returns a copy without some of its keys. V8 gives an object made by rest or spread a shape of its own, which takes
 * 290 bytes with each event; this copy, and keys added by Object.assign, share its shape.
 */
function without<Fact extends object, Name extends keyof Fact & string>(
  fact: Fact,
  names: readonly Name[],
): Omit<Fact, Name> {
  const left: readonly string[] = names
  const rest: Partial<Fact> = {}
  for (const name in fact) if (!left.includes(name)) rest[name] = fact[name]
  return rest as Omit<Fact, Name>
}
