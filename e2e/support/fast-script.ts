/**
 * Runs a script that is typed without pauses, as proxy.py sends a file: lines for different nodes leave within 100 us.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from '../../server/test-support/ports.ts'
import { createRandom } from '../../shared/gossip/random.ts'
import type { CourseProxy } from './proxy.ts'

const LONGEST_LINE = 6
const MOST_RESTARTS = 2
/** Maximum number of TCP ports of a script: one for each life. */
export const PORTS_OF_SCRIPT = LONGEST_LINE + MOST_RESTARTS

/** An answer with a missing or an extra message. */
export interface Wrong {
  readonly node: number
  readonly when: string
  readonly lacks: readonly string[]
  readonly answered: string
}

/**
 * Types a message to each of three neighbours and a crash to the middle one, restarts that one with another n and port,
 * as often as the seed says, and asks all nodes after each change, `settledMs` after it. Returns the wrong answers.
 */
export async function runFastScript(
  proxy: CourseProxy,
  ports: Ports,
  seed: number,
  settledMs: number,
): Promise<readonly Wrong[]> {
  const random = createRandom(seed)
  const n = 3 + random.below(LONGEST_LINE - 2)
  const middle = 1 + random.below(n - 2)
  const restarts = random.below(MOST_RESTARTS + 1)
  const said: string[] = []
  const wrong: Wrong[] = []

  /** Asks nodes; each must show all expected messages. */
  async function ask(ids: readonly number[], wanted: readonly string[], when: string) {
    for (const node of ids) {
      const answered = await proxy.chatLog(node)
      const shown = answered.split(',')
      const lacks = wanted.filter((text) => !shown.includes(text))
      if (lacks.length > 0) wrong.push({ node, when, lacks, answered })
    }
  }

  async function sayAndCrash(round: number) {
    const [hello, last, tail] = ['Hello', 'Last', 'Tail'].map((text) => `${text}${round}`) as [string, string, string]
    const lines = [
      `${middle - 1} msg 0 ${hello}`,
      `${middle} msg 1 ${last}`,
      `${middle} crash`,
      `${middle + 1} msg 2 ${tail}`,
    ]
    await Promise.all(lines.map((line) => proxy.type(line)))
    await sleep(settledMs)
    said.push(hello, last, tail)
    // On the near side the last ones may be missing: they were sent after the crash.
    const near = said.filter((text) => text !== tail)
    await ask(ids.slice(0, middle), near, `after crash ${round}`)
    await ask(ids.slice(middle + 1), said, `after crash ${round}`)
  }

  const ids = Array.from({ length: n }, (_, id) => id)
  for (const id of ids) await proxy.type(`${id} start ${n} ${ports.tcp + id}`)
  await sayAndCrash(0)
  for (let round = 1; round <= restarts; round += 1) {
    const others = Math.max(middle + 1, 2 + random.below(LONGEST_LINE))
    await proxy.type(`${middle} start ${others} ${ports.tcp + LONGEST_LINE + round - 1}`)
    await sleep(settledMs)
    await ask(ids, said, `after restart ${round}`)
    await sayAndCrash(round)
  }
  await proxy.type('exit')
  return wrong
}
