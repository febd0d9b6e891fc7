/** Keeps the findings of a past up to date, at the cost of its new events. */
import type { Finding } from '../../shared/findings/finding.ts'
import { Findings } from '../../shared/findings/findings.ts'
import { scenarioOf } from '../../shared/findings/scenario-of.ts'
import type { Past } from '../model/time/past.ts'

/** Most events that are taken at a time, so that a long past does not hold up the page. */
const MOST_AT_ONCE = 10_000

export class FindingsOfPast {
  #past: Past | undefined
  #findings: Findings | undefined
  /** Number of the last event before those that the findings know. */
  #from = 0

  /** Whether all events have been taken. If not, call `of` again. */
  isComplete = false

  /** Returns the findings of the network on screen, the newest first, as of `at`, in ms of the lab. */
  of(past: Past, at: number): readonly Finding[] {
    const { history, trace } = past
    const from = history.base.last
    let findings = this.#past === past && from >= this.#from ? this.#findings : undefined
    if (!findings || findings.last > history.last) findings = new Findings(history.base)
    else if (from > this.#from) findings.forget(from)
    this.#past = past
    this.#findings = findings
    this.#from = from
    findings.take(history.between(findings.last, findings.last + MOST_AT_ONCE))
    this.isComplete = findings.last === history.last
    if (this.isComplete) findings.advance(Math.max(at, history.to))
    return findings.all.filter(({ network }) => network === trace.network).reverse()
  }
}

/** Returns the shortest scenario that leads to the finding; undefined while there is no network. */
export function scenarioIn({ history }: Past, finding: Finding): string | undefined {
  const began = history.event(finding.network)
  const settings = began?.type === 'network' ? began.settings : history.base.settings
  return settings ? scenarioOf(finding, { settings, events: history.events }) : undefined
}
