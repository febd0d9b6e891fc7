/** Runs a fork to its end, as fast as this computer can, in slices between which the page draws. */
import { Executor } from '../../shared/lab/executor.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { type ForkPoint, originOfFork } from '../../shared/sim/fork.ts'
import { simulatedLab } from '../../shared/sim/simulated-lab.ts'

export interface TimedLine {
  /** In ms of the lab. */
  readonly at: number
  readonly line: string
}

export interface ForkPlan {
  readonly seed: number
  /** In order of time, none before the instant of the fork. */
  readonly lines: readonly TimedLine[]
  /** In ms of the lab. */
  readonly until: number
}

export interface ForkRun {
  /** The identity of the simulated lab. */
  readonly lab: string
  readonly base: LabState
  readonly events: readonly LabEvent[]
  readonly state: LabState
  /** The lines that were refused, and why. */
  readonly refused: readonly string[]
}

/** Longest work without a pause, in ms of people. */
const SLICE_MS = 12

/** @throws (rejects) if the state cannot be forked, or the simulation has a fault. */
export async function runFork(point: ForkPoint, { seed, lines, until }: ForkPlan): Promise<ForkRun> {
  const { origin, settings } = originOfFork(point, seed)
  const faults: unknown[] = []
  const { lab, machine } = simulatedLab({ settings, origin, seed, onFault: (error) => faults.push(error) })
  const executor = new Executor(lab)
  const refused: string[] = []
  async function advanceTo(at: number) {
    for (;;) {
      const end = performance.now() + SLICE_MS
      await machine.advanceToAsync(at, () => performance.now() < end)
      if (machine.now() >= at) return
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  await machine.advanceUntil(lab.resume())
  for (const { at, line } of lines) {
    await advanceTo(at)
    void executor.execute(line, 'page').then((outcome) => {
      if (!outcome.ok) refused.push(`${line}: ${outcome.error}`)
    })
  }
  await advanceTo(until)
  const { sequencer } = lab
  const { base, state } = sequencer
  const events = sequencer.read(sequencer.oldest, Number.MAX_SAFE_INTEGER)
  await lab.close()
  if (faults.length > 0) throw faults[0]
  return { lab: lab.id, base, events, state, refused }
}
