/** Checks a program: runs all tests, and makes their result. */
import { availableParallelism } from 'node:os'
import { LabRefusal } from '../../shared/lab/refusal.ts'
import type { ProgramHostOptions } from '../hosts/program/program-host.ts'
import { type AttemptOptions, attempt, discard } from './attempt.ts'
import type { CheckTest } from './check-test.ts'
import { RunFailed } from './complaint.ts'
import { busyShare, LoadMeter } from './load.ts'
import { OpenNetworks } from './open-networks.ts'
import { PortBlocks } from './port-blocks.ts'
import type { CheckResult, RunResult, TestResult } from './result.ts'
import { schedule } from './schedule.ts'

export interface CheckSetup extends Omit<AttemptOptions, 'meter' | 'ports' | 'networks'> {
  /** The command line of the program, as the person typed it. */
  readonly command: string
  readonly tests: readonly CheckTest[]
  readonly runs: number
  readonly untilFail: boolean
  readonly onRun?: (test: CheckTest, run: RunResult) => void
  readonly onTest?: (result: TestResult) => void
}

/** The program does not start. The lines say why, the last ones of its output included. */
export class ProgramDoesNotStart extends Error {
  readonly lines: readonly string[]
  constructor(why: string, lines: readonly string[]) {
    super(why)
    this.lines = lines
  }
}

/** @throws (rejects) ProgramDoesNotStart before any test runs. */
export class Check {
  readonly #networks = new OpenNetworks()

  /** Ends all programs at once, for a signal that ends the process: `run` never resolves then. */
  close(): Promise<void> {
    return this.#networks.close()
  }

  async run(setup: CheckSetup): Promise<CheckResult> {
    const meter = new LoadMeter()
    const options: AttemptOptions = { ...setup, meter, ports: new PortBlocks(), networks: this.#networks }
    const startedAt = new Date().toISOString()
    const began = performance.now()
    const busy = busyShare()
    try {
      await this.#requireStart(options)
      const { namespaces, layer, whyNot } = placeOf(setup.gate)
      const { tests, atOnce } = await schedule(setup.tests, {
        runs: setup.runs,
        untilFail: setup.untilFail,
        namespaces,
        meter,
        attempt: (test, run) => attempt(test, run, options),
        discard,
        onRun: (test, run) => setup.onRun?.(test, run),
        onTest: (result) => setup.onTest?.(result),
        whyNot: ({ needs }) => (needs > layer ? `it needs a gate for datagrams, and ${whyNot}` : undefined),
      })
      const why = whyNot === undefined ? {} : { whyNot }
      return {
        program: setup.command,
        startedAt,
        durationMs: Math.round(performance.now() - began),
        seed: setup.seed,
        machine: { cores: availableParallelism(), load: busy(), layer, namespaces, atOnce, ...why },
        tests,
      }
    } finally {
      meter.close()
    }
  }

  /** Starts one node, because a program that cannot run is not a wrong one. */
  async #requireStart(options: AttemptOptions): Promise<void> {
    await options.networks.use({ ...options, n: 2, unwritable: new Set() }, async (network) => {
      try {
        await network.start(0)
      } catch (error) {
        if (!(error instanceof RunFailed || error instanceof LabRefusal)) throw error
        await network.lab.sequencer.flushed()
        throw new ProgramDoesNotStart(error.message, network.nodes[0]?.stderr ?? [])
      }
    })
  }
}

function placeOf(gate: NonNullable<ProgramHostOptions['gate']>) {
  if ('file' in gate) return { namespaces: true, layer: 2, whyNot: undefined } as const
  return { namespaces: false, layer: 1, whyNot: gate.whyNot } as const
}
