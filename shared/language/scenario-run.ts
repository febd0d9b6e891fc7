/**
 * Carries a scenario out, one step after the other: the one way to do it, for `rumorscope run` and for the page. It has
 * no clock and no lab of its own; both come in.
 */

import type { LabState } from '../model/lab-state.ts'
import { formatMs } from '../text/format.ts'
import type { Command } from './command.ts'
import { formatCommand } from './command-format.ts'
import { explainChatLogMismatch, explainMismatch } from './condition.ts'
import type { ChatLogCondition, ScenarioLine, StateCondition } from './scenario.ts'

/** Where a scenario runs. */
export interface ScenarioWorld {
  /** Carries a command line out; gives what proxy.py would print. */
  execute(line: string): Promise<LineOutcome>
  state(): LabState
  /** Calls back whenever the state is another one; gives what ends that. */
  onChange(listener: () => void): () => void
  /** Resolves when the state knows of everything that was done. */
  flushed(): Promise<void>
  /** Calls back once, after so many ms; gives what prevents it. */
  later(run: () => void, ms: number): () => void
  /** A line of an answer, as proxy.py prints it. */
  print(line: string, step: ScenarioLine): void
  /** Something is not as the file says. */
  complain(what: string, step: ScenarioLine): void
  /** The TCP port that a node is to have where the file names another. */
  portOf(id: number, port: number): number
  /** Asked before each step; what waits for it to resolve is a pause. The run ends there when it gives false. */
  mayGoOn(step: ScenarioLine): Promise<boolean>
  /** Ends the run at once, also a wait. */
  readonly signal: AbortSignal
}

export type LineOutcome =
  | { readonly ok: true; readonly output: readonly string[] }
  | { readonly ok: false; readonly error: string }

/** proxy.py takes as long before it asks; by then all nodes answer fully. In ms. */
const AGREED_WITHIN_MS = 1_000

/**
 * Carries the steps out up to `exit`. What fails is told, and the rest goes on, but for a wait and a network: what comes
 * after those would make no sense, or be done to the network that is there. Gives how many failed.
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
  /** Something was changed since the nodes agreed last. */
  #changed = false

  constructor(world: ScenarioWorld) {
    this.#world = world
  }

  /** Gives what went wrong. */
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

  /** A person who asks has given the nodes the time that proxy.py gives them. */
  async #untilAgreed(): Promise<void> {
    if (!this.#changed) return
    this.#changed = false
    const { settings } = this.#world.state()
    await this.#waitFor({ kind: 'agreed' }, AGREED_WITHIN_MS + 2 * (settings?.n ?? 0) * (settings?.linkDelayMs ?? 0))
  }

  /** Gives what there is instead when the time is over. */
  async #waitFor(condition: StateCondition, withinMs: number): Promise<string | undefined> {
    // The state has everything done before.
    await this.#world.flushed()
    const instead = () => explainMismatch(this.#world.state(), condition)
    await this.#until(() => instead() === undefined, withinMs)
    const what = instead()
    return what === undefined ? undefined : `not within ${formatMs(withinMs)}; ${what}`
  }

  /** Resolves when it is so, the time is over, or the run was ended. */
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

const seen = (what: string | undefined) => (what === undefined ? undefined : `seen: ${what}`)
