/** Searches for a scenario that violates what must always hold, and repeats a known one. */
import fc from 'fast-check'
import { runOnShells } from './run-on-shells.ts'
import { runScenario } from './run-scenario.ts'
import type { Outcome, Scenario } from './scenario.ts'
import { scenarios } from './scenario-arbitrary.ts'
import type { TraceEvent } from './trace.ts'

export interface Found {
  readonly runs: number
  readonly datagrams: number
  /** The violation of the smallest failing scenario. */
  readonly violations: readonly string[]
  /** The longest time to agreement, as a share of its bound. */
  readonly slowest: number
  /** Describes the failure for people, and how to repeat it. */
  readonly report: string
}

/** The worlds of a scenario: machines of the bare protocol, and the shells of nodes. */
const WORLDS = { machines: runScenario, shells: runOnShells }
type WorldName = keyof typeof WORLDS
export const isWorld = (name: string): name is WorldName => Object.hasOwn(WORLDS, name)

interface Search {
  readonly seed: number
  readonly runs: number
  readonly world?: WorldName
}

export async function exploreScenarios({ seed, runs, world = 'machines' }: Search): Promise<Found> {
  const run = WORLDS[world]
  let datagrams = 0
  let slowest = 0
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    const outcome = await run(scenario)
    datagrams += outcome.datagrams
    slowest = Math.max(slowest, (outcome.agreedAfter ?? 0) / outcome.bound)
    return outcome.violations.length === 0
  })
  const result = await fc.check(property, { seed, numRuns: runs })
  const [smallest] = result.counterexample ?? []
  if (!smallest) return { runs: result.numRuns, datagrams, violations: [], slowest, report: '' }
  const { violations } = await run(smallest)
  const report = [
    ...violations,
    JSON.stringify(smallest),
    'See it again, with its trace:',
    `    npm run fuzz -- --world ${world} --seed ${seed} --path ${result.counterexamplePath}`,
  ].join('\n')
  return { runs: result.numRuns, datagrams, violations, slowest, report }
}

export async function replayScenario(
  { seed, path, world }: { readonly seed: number; readonly path: string; readonly world: WorldName },
  watch: (event: TraceEvent, rootId: number) => void,
): Promise<{ readonly scenario: Scenario; readonly outcome: Outcome }> {
  const [scenario] = sampleAt(seed, path)
  if (!scenario) throw new Error(`no scenario at path ${path} of seed ${seed}`)
  return { scenario, outcome: await WORLDS[world](scenario, watch) }
}

/** fast-check replays a path by itself; the property only records its input. */
function sampleAt(seed: number, path: string): Scenario[] {
  const seen: Scenario[] = []
  fc.check(
    fc.property(scenarios, (scenario) => {
      seen.push(scenario)
      return true
    }),
    { seed, path, numRuns: 1, endOnFailure: true },
  )
  return seen
}
