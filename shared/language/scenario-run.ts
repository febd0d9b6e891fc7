/**
 * Carries out a scenario, one line after the other: the one way to do it, for `rumorscope run` and for the page. The
 * caller provides the clock and the lab.
 */

import type { LabState } from '../model/lab-state.ts'
import { formatMs } from '../text/format.ts'
import type { Command } from './command.ts'
import { formatCommand } from './command-format.ts'
import { explainChatLogMismatch, explainMismatch } from './condition.ts'
import type { ChatLogCondition, ScenarioLine, StateCondition } from './scenario.ts'

/** The clock and the lab of a scenario. */
export interface ScenarioWorld {
  /** Carries out a command line. Resolves with the output of proxy.py. */
  execute(line: string): Promise<LineOutcome>
  state(): LabState
  /** Calls back whenever the state has changed. Returns a function that ends the subscription. */
  onChange(listener: () => void): () => void
  /** Resolves when the state includes all that was done before. */
  flushed(): Promise<void>
  /** Calls back once, after so many ms. Returns a function that cancels the call. */
  later(run: () => void, ms: number): () => void
  /** Takes a line of an answer, as proxy.py prints it. */
  print(line: string, step: ScenarioLine): void
  /** Takes a difference from the file's expectations. */
  complain(what: string, step: ScenarioLine): void
  /** Returns the TCP port that a node gets in place of the port in the file. */
  portOf(id: number, port: number): number
  /** Called before each line; the run pauses until it resolves, and ends there if it resolves with false. */
  mayGoOn(step: ScenarioLine): Promise<boolean>
  /** Ends the run at once, also during a wait. */
  readonly signal: AbortSignal
}

export type LineOutcome =
  | { readonly ok: true; readonly output: readonly string[] }
  | { readonly ok: false; readonly error: string }

/** Time that proxy.py waits before it asks, in ms; by then all nodes answer fully. */
const AGREED_WITHIN_MS = 1_000

/**
 * Carries out the lines up to `exit`. Reports failures and goes on, except after a wait and a network: later lines
 * would make no sense, or act on the old network. Returns the number of failures.
 */
export async function runScenario(steps: readonly ScenarioLine[], world: ScenarioWorld): Promise<number> {
  const run = new Run(world)
  let failures = 0
  for (const step of steps) {
    if (world.signal.aborted || !(await world.mayGoOn(step))) break
    const problem = await run.carryOut(step)
    if (world.signal.aborted) break
    if (problem !== undefined) {
      failures += 1
      world.complain(problem, step)
    }
    const kind = step.kind === 'command' ? step.command.kind : step.kind
    if (kind === 'exit' || (problem !== undefined && (kind === 'until' || kind === 'network'))) break
  }
  return failures
}

class Run {
  readonly #world: ScenarioWorld
  /** Whether a command changed anything since the nodes last agreed. */
  #changed = false

  constructor(world: ScenarioWorld) {
    this.#world = world
  }

  /** Returns a failure in words, or undefined. */
  async carryOut(step: ScenarioLine): Promise<string | undefined> {
    switch (step.kind) {
      case 'command':
        return this.#command(step.command, step)
      case 'until':
        return this.#waitFor(step.condition, step.withinMs)
      case 'sleep':
        await this.#until(() => false, step.ms)
        return undefined
      case 'expect':
        return this.#expect(step.condition)
    }
  }

  async #command(command: Command, step: ScenarioLine): Promise<string | undefined> {
    if (command.kind === 'chatLog') await this.#untilAgreed()
    else this.#changed = true
    const outcome = await this.#world.execute(this.#lineOf(command, step.text))
    if (!outcome.ok) return outcome.error
    for (const line of outcome.output) this.#world.print(line, step)
    return undefined
  }

  #lineOf(command: Command, text: string): string {
    if (command.kind !== 'start') return text
    return formatCommand({ ...command, port: this.#world.portOf(command.id, command.port) })
  }

  async #expect(condition: StateCondition | ChatLogCondition): Promise<string | undefined> {
    const world = this.#world
    if (condition.kind !== 'chatLog') {
      await (condition.kind === 'agreed' ? this.#untilAgreed() : world.flushed())
      return seen(explainMismatch(world.state(), condition))
    }
    await this.#untilAgreed()
    const outcome = await world.execute(`${condition.id} get chatLog`)
    return outcome.ok ? seen(explainChatLogMismatch(outcome.output[0] ?? '', condition)) : outcome.error
  }

  /** Waits as proxy.py does, so that the nodes had the same time. */
  async #untilAgreed(): Promise<void> {
    if (!this.#changed) return
    this.#changed = false
    const { settings } = this.#world.state()
    await this.#waitFor({ kind: 'agreed' }, AGREED_WITHIN_MS + 2 * (settings?.n ?? 0) * (settings?.linkDelayMs ?? 0))
  }

  /** Returns the actual state when the time is over. */
  async #waitFor(condition: StateCondition, withinMs: number): Promise<string | undefined> {
    // The state must include everything done before.
    await this.#world.flushed()
    const instead = () => explainMismatch(this.#world.state(), condition)
    await this.#until(() => instead() === undefined, withinMs)
    const what = instead()
    return what === undefined ? undefined : `did not happen within ${formatMs(withinMs)}; ${what}`
  }

  /** Resolves when the condition is true, the time is over, or the run has ended. */
  #until(isSo: () => boolean, withinMs: number): Promise<void> {
    const { signal, later, onChange } = this.#world
    return new Promise((resolve) => {
      const end = () => {
        forget()
        stopLooking()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const look = () => {
        if (signal.aborted || isSo()) end()
      }
      const forget = later(end, withinMs)
      const stopLooking = onChange(look)
      signal.addEventListener('abort', end)
      look()
    })
  }
}

const seen = (what: string | undefined) => (what === undefined ? undefined : `found: ${what}`)
