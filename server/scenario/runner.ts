/** Runs a scenario in a lab, and prints what proxy.py would print. */
import { type Command, formatCommand } from '../../shared/command.ts'
import { whatElse, whatElseInChatLog } from '../../shared/condition.ts'
import type { ChatLogCondition, StateCondition, Step } from '../../shared/scenario.ts'
import type { Executor } from '../supervisor/executor.ts'
import type { Lab } from '../supervisor/lab.ts'

export interface RunnerOptions {
  readonly lab: Lab
  readonly executor: Executor
  /** A line of an answer, as proxy.py prints it. */
  print(line: string): void
  /** Something is not as the file says. */
  complain(line: number, what: string): void
  /** The TCP port that a node is to have where the file names another. */
  portOf(id: number, port: number): number
}

/** proxy.py takes as long before it asks; by then all nodes answer fully. */
const SETTLED_WITHIN_MS = 1_000

export class Runner {
  readonly #options: RunnerOptions
  /** Something was changed since everything had settled. */
  #changed = false
  #failures = 0

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /**
   * Carries the steps out, one after the other, up to `exit`. What fails is told, and the rest goes on, but for a
   * wait: what comes after it would make no sense. Gives how many failed.
   */
  async run(steps: readonly Step[]): Promise<number> {
    for (const step of steps) {
      const problem = await this.#carryOut(step)
      if (problem !== undefined) {
        this.#failures += 1
        this.#options.complain(step.line, `${step.text.trim()}: ${problem}`)
      }
      const isOver = step.kind === 'command' && step.command.kind === 'exit'
      if (isOver || (step.kind === 'until' && problem !== undefined)) break
    }
    return this.#failures
  }

  /** Gives what went wrong. */
  #carryOut(step: Step): Promise<string | undefined> {
    switch (step.kind) {
      case 'command':
        return this.#command(step.command, step.text)
      case 'until':
        return this.#waitFor(step.condition, step.withinMs)
      case 'sleep':
        return new Promise((resolve) => setTimeout(() => resolve(undefined), step.ms))
      case 'expect':
        return this.#expect(step.condition)
    }
  }

  async #command(command: Command, text: string): Promise<string | undefined> {
    if (command.kind === 'chatLog') await this.#settle()
    else this.#changed = true
    const outcome = await this.#options.executor.execute(this.#lineOf(command, text), 'scenario')
    if (!outcome.ok) return outcome.error
    for (const line of outcome.output) this.#options.print(line)
    return undefined
  }

  #lineOf(command: Command, text: string): string {
    if (command.kind !== 'start') return text
    return formatCommand({ ...command, port: this.#options.portOf(command.id, command.port) })
  }

  async #expect(condition: StateCondition | ChatLogCondition): Promise<string | undefined> {
    const { lab, executor } = this.#options
    if (condition.kind !== 'chatLog') {
      await (condition.kind === 'agreed' ? this.#settle() : lab.journal.settled())
      return seen(whatElse(lab.journal.state, condition))
    }
    await this.#settle()
    const outcome = await executor.execute(`${condition.id} get chatLog`, 'scenario')
    return outcome.ok ? seen(whatElseInChatLog(outcome.output[0] ?? '', condition)) : outcome.error
  }

  /** A person who asks has given the nodes the time that proxy.py gives them. */
  async #settle(): Promise<void> {
    if (!this.#changed) return
    this.#changed = false
    const { n, linkDelayMs } = this.#options.lab.settings
    await this.#waitFor({ kind: 'agreed' }, SETTLED_WITHIN_MS + 2 * n * linkDelayMs)
  }

  /** Gives what there is instead when the time is over. */
  async #waitFor(condition: StateCondition, withinMs: number): Promise<string | undefined> {
    const { lab } = this.#options
    // What was done before is in the state.
    await lab.journal.settled()
    return new Promise((resolve) => {
      const look = () => {
        if (whatElse(lab.journal.state, condition) === undefined) end(undefined)
      }
      const end = (problem: string | undefined) => {
        clearTimeout(patience)
        stop()
        resolve(problem)
      }
      const patience = setTimeout(() => {
        const instead = whatElse(lab.journal.state, condition)
        end(instead === undefined ? undefined : `not within ${withinMs / 1_000} s; ${instead}`)
      }, withinMs)
      const stop = lab.onRelease(look)
      look()
    })
  }
}

const seen = (what: string | undefined) => (what === undefined ? undefined : `seen: ${what}`)
