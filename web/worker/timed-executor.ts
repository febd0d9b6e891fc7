/** Carries out commands of a simulation: notes when they were given, and adds lines that move the clock. */
import { Executor, type Outcome } from '../../shared/lab/executor.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import { parseScenario, type StateCondition } from '../../shared/language/scenario.ts'
import type { Author } from '../../shared/model/event.ts'
import { wordsOf } from '../../shared/text/words.ts'
import type { TimedCommand } from '../../shared/wire/experiment.ts'
import type { By } from '../../shared/wire/protocol.ts'

/** A stop of the clock: as soon as the condition is true, or when the time is over. */
export interface Stop {
  readonly condition: StateCondition | null
  readonly withinMs: number
}

export interface ClockControl {
  /** Runs something that may need the clock. */
  during<T>(command: Promise<T>): Promise<T>
  /** Resolves when the clock has stopped, with words for where. */
  runTo(stop: Stop): Promise<Outcome>
  /** A command is given. */
  given(command: Omit<TimedCommand, 'at'>): void
}

const NO_CLASS = 'nobody can watch a simulation in a page; share a link to it instead'
const BY: Partial<Record<Author, By>> = { page: 'page', console: 'console', scenario: 'scenario' }

export class TimedExecutor extends Executor {
  readonly #lab: Lab
  readonly #clock: ClockControl

  constructor(lab: Lab, clock: ClockControl) {
    super(lab)
    this.#lab = lab
    this.#clock = clock
  }

  override async execute(line: string, author: Author): Promise<Outcome> {
    const by = BY[author]
    if (by === undefined) return { ok: false, error: NO_CLASS }
    const [first] = wordsOf(line)
    if (first?.text === 'viewers') return this.#answer(line, by, { ok: false, error: NO_CLASS })
    if (first?.text === 'until' || first?.text === 'sleep') return this.#answer(line, by, await this.#moveClock(line))
    this.#clock.given({ by, line })
    return this.#clock.during(super.execute(line, by))
  }

  async #moveClock(line: string): Promise<Outcome> {
    const parsed = parseScenario(line)
    const problem = parsed.ok ? undefined : parsed.problems[0]
    if (problem) return { ok: false, error: `${problem.error} (column ${problem.column})` }
    const step = parsed.ok ? parsed.steps[0] : undefined
    if (step?.kind === 'until') return this.#clock.runTo(step)
    return this.#clock.runTo({ condition: null, withinMs: step?.kind === 'sleep' ? step.ms : 0 })
  }

  #answer(line: string, by: By, outcome: Outcome): Outcome {
    const { sequencer } = this.#lab
    if (outcome.ok) sequencer.append({ type: 'command', by, line, output: outcome.output })
    else sequencer.append({ type: 'command', by, line, output: [], error: outcome.error })
    return outcome
  }
}
