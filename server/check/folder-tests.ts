/** Makes tests of the files of a folder. */

import { scenarioLab } from '../../shared/lab/scenario-lab.ts'
import type { Command } from '../../shared/language/command.ts'
import type { ScenarioLine } from '../../shared/language/scenario.ts'
import { runScenario } from '../../shared/language/scenario-run.ts'
import { saysLack } from '../../shared/model/lack-words.ts'
import type { CheckTest } from './check-test.ts'
import { type Complaint, RunSkipped } from './complaint.ts'
import { judge } from './course/expected.ts'
import { play } from './course/habits.ts'
import type { FolderTest } from './course/pair.ts'
import type { TestNetwork } from './test-network.ts'

/** Nodes of a scenario that names no number. */
const DEFAULT_NODES = 4

export function testOf(test: FolderTest, exact: boolean): CheckTest {
  return test.kind === 'pair' ? pairTest(test, exact) : scenarioTest(test)
}

function pairTest({ name, path, lines, expected }: Extract<FolderTest, { kind: 'pair' }>, exact: boolean): CheckTest {
  return {
    name,
    rule: path,
    needs: 1,
    n: sizeOf(lines.map(({ command }) => command)),
    unwritable: true,
    async run(network, { onAnswer }) {
      const { answers, complaint } = await play(lines, network)
      for (const answer of answers) onAnswer(answer)
      return [...judge(answers, expected, exact), ...(complaint ? [complaint] : [])]
    },
  }
}

/** Returns the number of nodes in the network: the first start of a file says it. */
function sizeOf(commands: readonly Command[]): number {
  const starts = commands.flatMap((command) => (command.kind === 'start' ? [command] : []))
  return Math.max(1, starts[0]?.n ?? 1, ...starts.map(({ id }) => id + 1))
}

function scenarioTest({ name, path, steps }: Extract<FolderTest, { kind: 'scenario' }>): CheckTest {
  const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []))
  const [first] = commands
  const startsItsOwn = first?.kind === 'start' || first?.kind === 'network'
  const n = first?.kind === 'network' ? first.n : sizeOf(commands)
  return {
    name,
    rule: path,
    needs: commands.some(({ kind }) => !ON_LAYER_1.includes(kind)) ? 2 : 1,
    n: startsItsOwn ? n : DEFAULT_NODES,
    async run(network) {
      if (!startsItsOwn) await network.startAll()
      return playScenario(network, path, steps)
    },
  }
}

/** Commands that need no gate. */
const ON_LAYER_1: readonly Command['kind'][] = ['start', 'msg', 'chatLog', 'crash', 'exit', 'network', 'help']

/** The lab looks at chat logs only while the scenario waits for something, or expects it. */
async function playScenario(
  network: TestNetwork,
  path: string,
  steps: readonly ScenarioLine[],
): Promise<readonly Complaint[]> {
  const complaints: Complaint[] = []
  let skipped: string | undefined
  await runScenario(steps, {
    ...scenarioLab(network.lab),
    later(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    print: () => {},
    complain(what, { line, text }) {
      const words = `${path}:${line}: ${text.trim()}: ${what}`
      complaints.push({ words, atMs: network.now() })
      if (saysLack(what)) skipped ??= words
    },
    portOf: (_, port) => network.outerPort(port),
    async mayGoOn({ kind }) {
      network.letLook(kind === 'until' || kind === 'expect')
      return skipped === undefined
    },
    signal: new AbortController().signal,
  })
  if (skipped !== undefined) throw new RunSkipped(skipped)
  return complaints
}
