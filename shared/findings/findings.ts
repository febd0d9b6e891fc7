/**
 * Finds faults of the nodes of a lab in its events, and says them in words. The page and the server use the same
 * sentences. Call `take` with each event in order, and `advance` when time has passed without one. Costs a bounded time
 * for each event, whatever came before, and keeps a bounded number of them.
 */
import type { LabEvent } from '../model/event.ts'
import type { LabState } from '../model/lab-state.ts'
import { ChatLogRule } from './chat-log-rule.ts'
import { DatagramRule } from './datagram-rule.ts'
import type { Finding, FindingKind, Found, Rule } from './finding.ts'
import { KnownNetwork, PROGRAM_PERIOD_MS } from './known-network.ts'
import { ProcessRule } from './process-rule.ts'
import { SpreadRule } from './spread-rule.ts'

/** Most findings that are kept; the oldest are forgotten. */
const MOST_FINDINGS = 200
/** Findings that something has not happened in time. */
const IN_TIME: readonly FindingKind[] = [
  'never acknowledged',
  'silent',
  'lines as one',
  'not stored',
  'not spread',
  'TCP gone',
]
/** Time between two searches for what is missing, in ms of the lab. */
const SEARCH_EVERY_MS = 250

export interface FindingsOptions {
  /** Anti-entropy period that programs are expected to have, in ms. */
  readonly programPeriodMs?: number
}

export class Findings {
  readonly #network: KnownNetwork
  readonly #rules: readonly Rule[]
  /** By kind and nodes, in order of appearance. */
  readonly #found = new Map<string, Finding>()
  #list: readonly Finding[] | undefined
  #last: number
  #searchedAt: number
  /** The latest time that it knows, in ms of the lab. */
  #now: number

  /** Begins with a state whose history is unknown. */
  constructor(base: LabState, { programPeriodMs = PROGRAM_PERIOD_MS }: FindingsOptions = {}) {
    const network = new KnownNetwork(base, programPeriodMs)
    const report = (found: Found) => this.#add(found)
    this.#network = network
    this.#rules = [
      new ChatLogRule(network, report),
      new DatagramRule(network, report),
      new SpreadRule(network, report),
      new ProcessRule(network, report),
    ]
    this.#last = base.last
    this.#searchedAt = base.at
    this.#now = base.at
  }

  /** In order of appearance. The same list until there is news. */
  get all(): readonly Finding[] {
    this.#list ??= [...this.#found.values()]
    return this.#list
  }

  /** Number of the last event that it has taken. */
  get last(): number {
    return this.#last
  }

  take(events: readonly LabEvent[]) {
    for (const event of events) {
      // A network that begins ends the search for what the last one missed.
      if (event.at - this.#searchedAt >= SEARCH_EVERY_MS) this.advance(event.at)
      this.#last = event.n
      this.#now = Math.max(this.#now, event.at)
      this.#network.take(event)
      for (const rule of this.#rules) rule.take(event)
    }
  }

  advance(at: number) {
    if (at <= this.#searchedAt) return
    this.#searchedAt = at
    this.#now = Math.max(this.#now, at)
    for (const rule of this.#rules) rule.advance?.(at)
  }

  /** Forgets findings whose event is before `number`. */
  forget(number: number) {
    for (const [key, { event }] of this.#found) if (event < number) this.#found.delete(key)
    this.#list = undefined
  }

  #add(found: Found) {
    const { began } = this.#network
    const key = `${began} ${found.kind} ${found.nodes.join(' ')}`
    const known = this.#found.get(key)
    const when = { until: this.#last, foundAt: this.#now, network: began }
    const isExcused = IN_TIME.includes(found.kind) && this.#network.wasBusyAfter(found.at)
    const lookAt = isExcused
      ? `The machine was too busy meanwhile, which may be the reason. ${found.lookAt}`
      : found.lookAt
    this.#found.set(key, known ? { ...known, times: known.times + 1 } : { ...found, lookAt, ...when, times: 1 })
    this.#list = undefined
    const [oldest] = this.#found.keys()
    if (this.#found.size > MOST_FINDINGS && oldest !== undefined) this.#found.delete(oldest)
  }
}

/** Returns the findings of a recorded history, as of `at`, in ms of the lab. */
export function findingsIn(
  base: LabState,
  events: readonly LabEvent[],
  at: number,
  options?: FindingsOptions,
): readonly Finding[] {
  const findings = new Findings(base, options)
  findings.take(events)
  findings.advance(at)
  return findings.all
}
