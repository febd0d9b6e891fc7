/** Runs scenarios on a lab of processes and on a lab of simulated nodes, and collects the outcome. */
import { expect } from 'vitest'
import { generationOf, portOf } from '../../shared/gossip/origin.ts'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import { scenarioLab } from '../../shared/lab/scenario-lab.ts'
import { parseScenario } from '../../shared/language/scenario.ts'
import { runScenario, type ScenarioWorld } from '../../shared/language/scenario-run.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import type { NodeStatus } from '../../shared/model/lab-state.ts'
import { simulatedLab } from '../../shared/sim/simulated-lab.ts'
import { labOf } from './lab.ts'

/** The parts of an outcome that do not depend on speed. */
export interface Outcome {
  /** Number of failed expectations of the file. */
  readonly complaints: readonly string[]
  readonly nodes: readonly {
    readonly status: NodeStatus
    readonly generation: number
    /** Its messages, by their node's id, generation and number: ports differ between labs. */
    readonly holds: readonly string[]
    /** Undefined when it does not run. */
    readonly chatLog: string | undefined
  }[]
}

export interface Story extends Pick<LabSettings, 'n' | 'topology'> {
  /** A scenario file; its nodes run when it begins. */
  readonly file: string
}

/** Short, so that a test can wait for a repair by anti-entropy. */
const GOSSIP = { ...DEFAULTS, ackTimeoutMs: 150, antiEntropyMs: 250 }
/** Maximum virtual time of a scenario, in ms. */
const MOST_MS = 600_000

/** Runs a story on real processes without delay. */
export async function onProcesses({ n, topology, file }: Story): Promise<Outcome> {
  const { lab } = await labOf(n, { topology, gossip: GOSSIP })
  const later: ScenarioWorld['later'] = (run, ms) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
  const outcome = await outcomeOf(lab, file, later)
  await lab.close()
  return outcome
}

/** Runs a story in virtual time. */
export async function onSimulatedNodes({ n, topology, file }: Story, seed = 1): Promise<Outcome> {
  const settings = { n, topology, linkDelayMs: 0, seed: 1, basePort: 20_000, rootId: 40_000, gossip: GOSSIP }
  const { lab, machine } = simulatedLab({ settings, seed, onFault: (error) => expect.unreachable(`${error}`) })
  const later: ScenarioWorld['later'] = (run, ms) => {
    const timer = machine.after(ms, run)
    return () => machine.cancel(timer)
  }
  const outcome = await machine.advanceUntil(outcomeOf(lab, file, later), MOST_MS)
  await lab.close()
  return outcome
}

async function outcomeOf(lab: Lab, file: string, later: ScenarioWorld['later']): Promise<Outcome> {
  const scenario = parseScenario(file)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const complaints: string[] = []
  const world: ScenarioWorld = {
    ...scenarioLab(lab),
    later,
    print: () => {},
    complain: (what, { line, text }) => complaints.push(`${line}: ${text.trim()}: ${what}`),
    portOf: (id) => lab.settings.basePort + id,
    mayGoOn: async () => true,
    signal: new AbortController().signal,
  }
  await lab.startNetwork({})
  await runScenario(scenario.steps, world)
  await lab.sequencer.flushed()
  const { nodes, messages } = lab.sequencer.state
  const chatLogs = await Promise.all(
    nodes.map(({ id, status }) => (status === 'running' ? lab.chatLog(id) : undefined)),
  )
  return {
    complaints,
    nodes: nodes.map(({ id, status, generation }) => ({
      status,
      generation,
      holds: messages
        .filter(({ copies }) => copies[id]?.lostAt === null)
        .map(({ origin, seq }) => [portOf(origin) - lab.settings.rootId, generationOf(origin), seq].join('.'))
        .sort(),
      chatLog: chatLogs[id],
    })),
  }
}
