/**
 * Runs the protocol through made-up stories with faults until one violates what must always hold, shrinks it, and
 * prints the command that runs it again with its trace.
 *
 *     npm run fuzz -- --seeds 10000            ten thousand stories from a new seed
 *     npm run fuzz -- --seeds 300 --seed 42    the same three hundred every time
 *     npm run fuzz -- --seed 42 --path 17:0:3  one story, with its trace
 */
import { parseArgs } from 'node:util'
import { exploreScenarios, replayScenario } from '../shared/sim/explore.ts'
import { formatTrace } from '../shared/sim/trace.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
process.exitCode = values.path === undefined ? explore() : replay(values.path)

function explore(): number {
  const began = performance.now()
  const found = exploreScenarios({ seed, runs: Number(values.seeds ?? 1_000) })
  const seconds = (performance.now() - began) / 1_000
  console.log(
    `${found.runs} scenarios, ${found.datagrams} datagrams, ${found.violations.length === 0 ? 'no' : 'a'} violation; ` +
      `seed ${seed}, ${seconds.toFixed(1)} s, ${Math.round(found.runs / seconds)} scenarios/s; ` +
      `slowest agreement took ${(100 * found.slowest).toFixed(0)} % of its bound`,
  )
  if (found.violations.length === 0) return 0
  console.log(found.report)
  return 1
}

function replay(path: string): number {
  const { scenario, outcome } = replayScenario({ seed, path }, (event, rootId) =>
    console.log(formatTrace(event, rootId)),
  )
  console.log(JSON.stringify(scenario))
  console.log(outcome.violations.length === 0 ? 'no violation' : outcome.violations.join('\n'))
  return outcome.violations.length === 0 ? 0 : 1
}
