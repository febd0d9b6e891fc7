import { expect } from 'vitest'
import { DEFAULTS, type Settings } from '../../shared/gossip/settings.ts'
import { Executor } from '../../shared/lab/executor.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { labOf, stateWhere } from './lab.ts'

/** Short, so that a test can wait for a repair by anti-entropy. */
const IMPATIENT: Settings = { ...DEFAULTS, ackTimeoutMs: 200, antiEntropyMs: 300 }

export interface TestNetwork {
  readonly lab: Lab
  readonly rootId: number
  /** Carries out lines, one after the other; none may fail. Returns the output of the last one. */
  run(...lines: string[]): Promise<readonly string[]>
  /** Resolves with the first matching state. */
  when(fits: (state: LabState) => boolean): Promise<LabState>
}

/** A running network and its command line. */
export async function networkOf(n: number, changes: Partial<LabSettings> = {}): Promise<TestNetwork> {
  const { lab, settings } = await labOf(n, { gossip: IMPATIENT, ...changes })
  await lab.startNetwork(settings)
  const executor = new Executor(lab)
  const run = async (...lines: string[]) => {
    let output: readonly string[] = []
    for (const line of lines) {
      const outcome = await executor.execute(line, 'rest')
      expect(outcome, line).toMatchObject({ ok: true })
      if (outcome.ok) output = outcome.output
    }
    return output
  }
  return { lab, rootId: settings.rootId, run, when: (fits) => stateWhere(lab, fits) }
}

/** Resolves when every node has this number of messages. */
export const allHold =
  (count: number) =>
  ({ nodes }: LabState): boolean =>
    nodes.every(({ messages }) => messages === count)
