/** Runs tests of the built-in suite, each on a program of its own, and returns the sentences that they fail them with. */
import { availableParallelism } from 'node:os'
import { attempt } from '../../server/check/attempt.ts'
import type { CheckTest } from '../../server/check/check-test.ts'
import { LoadMeter } from '../../server/check/load.ts'
import { OpenNetworks } from '../../server/check/open-networks.ts'
import { PortBlocks } from '../../server/check/port-blocks.ts'
import { SUITE } from '../../server/check/suite/suite.ts'
import { processHost } from '../../server/hosts/process-host.ts'
import type { Program } from '../../server/hosts/program/program.ts'
import { GATE } from '../../server/test-support/foreign.ts'
import { BUNDLE } from '../../server/test-support/processes.ts'
import { clauseOf, shapeOf } from './check-table.ts'

/** Chance decides whether a program without anti-entropy fails under loss, and a busy machine may fail one too early. */
const MOST_RUNS = 3
/** The programs mostly wait. */
const AT_ONCE = 3 * availableParallelism()

/**
 * Resolves with a sentence for each test, by its name; `passed`, or why it was skipped, if it does not fail its program.
 * A test that says anything else than the table runs again.
 */
export async function sentencesFor(
  programs: ReadonlyMap<string, Program>,
  table: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const sentences = new Map<string, string>()
  const meter = new LoadMeter()
  const options = {
    ...{ rootId: 40_000, gate: GATE, own: processHost({ bundle: BUNDLE, runtime: '' }), env: process.env },
    ...{ ports: new PortBlocks(), meter, seed: 1, strict: true, wire: undefined, record: undefined },
    networks: new OpenNetworks(),
  }
  const runOne = async (test: CheckTest, program: Program) => {
    for (let run = 1; run <= MOST_RUNS; run += 1) {
      const { result, skipped } = await attempt(test, run, { ...options, program })
      const [reason] = result.reasons
      const sentence = reason ? clauseOf(reason.words) : skipped === undefined ? 'passed' : `skipped: ${skipped}`
      sentences.set(test.name, sentence)
      if (shapeOf(sentence) === shapeOf(table.get(test.name) ?? '')) return
    }
  }
  const runAll = async (queue: CheckTest[], atOnce: number) => {
    const work = async () => {
      for (let test = queue.shift(); test; test = queue.shift()) {
        const program = programs.get(test.name)
        if (program) await runOne(test, program)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }
  await runAll(
    SUITE.filter(({ alone }) => !alone),
    AT_ONCE,
  )
  await runAll(
    SUITE.filter(({ alone }) => alone),
    1,
  )
  meter.close()
  return sentences
}
