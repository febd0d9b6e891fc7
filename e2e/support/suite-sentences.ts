/** Runs single tests of the built-in suite, and returns the sentences that they fail programs with. */

import { attempt } from '../../server/check/attempt.ts'
import { LoadMeter } from '../../server/check/load.ts'
import { PortBlocks } from '../../server/check/port-blocks.ts'
import { SUITE } from '../../server/check/suite/suite.ts'
import { processHost } from '../../server/hosts/process-host.ts'
import type { Program } from '../../server/hosts/program/program.ts'
import { GATE } from '../../server/test-support/foreign.ts'
import { BUNDLE } from '../../server/test-support/processes.ts'
import { clauseOf } from './check-table.ts'

/** Chance decides whether a program without anti-entropy fails under loss. */
const MOST_RUNS = 3

const meter = new LoadMeter()
const ports = new PortBlocks()

/** Resolves with the sentence that a test fails a program with; `passed`, or why the test was skipped, if it does not. */
export async function sentenceFor(name: string, program: Program): Promise<string> {
  const found = SUITE.find((one) => one.name === name)
  if (!found) throw new Error(`there is no test ${name}`)
  const options = {
    ...{ program, rootId: 40_000, gate: GATE, own: processHost({ bundle: BUNDLE, runtime: '' }), env: process.env },
    ...{ ports, meter, seed: 1, strict: true, wire: undefined, record: undefined, open: new Set<never>() },
  }
  for (let run = 1; run <= MOST_RUNS; run += 1) {
    const { result, skipped } = await attempt(found, run, options)
    if (skipped !== undefined) return `skipped: ${skipped}`
    const [reason] = result.reasons
    if (reason) return clauseOf(reason.words)
  }
  return 'passed'
}

/** Resolves with the sentences of all, some at a time. */
export async function sentencesOf<T>(all: readonly T[], atOnce: number, sentence: (one: T) => Promise<string>) {
  const queue = [...all]
  const sentences = new Map<T, string>()
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) sentences.set(next, await sentence(next))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return sentences
}
