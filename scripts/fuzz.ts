/**
 * Runs the protocol through generated stories with faults until one violates an invariant, shrinks it, and prints the
 * command that repeats it with its trace.
 *
 *     npm run fuzz -- --seeds 10000            ten thousand stories from a new seed
 *     npm run fuzz -- --seeds 300 --seed 42    the same three hundred every time
 *     npm run fuzz -- --seed 42 --path 17:0:3  one story, with its trace
 *
 * Stories run on machines of the bare protocol; `--world shells` runs them on the shells of nodes.
 */
import { parseArgs } from 'node:util'
import { exploreScenarios, isWorld, replayScenario } from '../shared/sim/explore.ts'
import { formatTrace } from '../shared/sim/trace.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' }, world: { type: 'string' } },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
const world = worldNamed(values.world ?? 'machines')
process.exitCode = await (values.path === undefined ? explore() : replay(values.path))

async function explore(): Promise<number> {
  const began = performance.now()
  const found = await exploreScenarios({ seed, runs: Number(values.seeds ?? 1_000), world })
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

async function replay(path: string): Promise<number> {
  const { scenario, outcome } = await replayScenario({ seed, path, world }, (event, rootId) =>
    console.log(formatTrace(event, rootId)),
  )
  console.log(JSON.stringify(scenario))
  console.log(outcome.violations.length === 0 ? 'no violation' : outcome.violations.join('\n'))
  return outcome.violations.length === 0 ? 0 : 1
}

function worldNamed(name: string) {
  if (isWorld(name)) return name
  console.error(`There is no world '${name}'; there are machines and shells.`)
  process.exit(2)
}
