/** Measures the memory of the lab itself, without processes: its events and states. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Measurement, now, rounded } from './measurement.ts'

const GENERATIONS = 20
const MESSAGES = 1_000
const LIMIT_MB = 400

interface Look {
  readonly heapMB: number
  readonly messages: number
  readonly events: number
  readonly kept: number
}

export async function supervisor(root: string): Promise<Measurement[]> {
  const program = join(root, 'dist/server/manyRestarts.js')
  const args = ['--expose-gc', `--max-old-space-size=${LIMIT_MB}`, program, `${GENERATIONS}`, `${MESSAGES}`]
  const began = now()
  const looks = await promisify(execFile)(process.execPath, args).then(
    ({ stdout }): Look[] =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    // It probably ran out of memory; the words are V8's.
    (): Look[] => [],
  )
  const most = Math.max(...looks.map(({ heapMB }) => heapMB))
  const { messages = 0, events = 0, kept = 0 } = looks.at(-1) ?? {}
  return [
    {
      name: 'supervisor-memory',
      what: `the largest heap of a lab and its 64 simulated nodes over ${GENERATIONS} generations and ${MESSAGES} messages, allowed ${LIMIT_MB} MB`,
      figures: { mostMB: most, messages, events, kept, seconds: rounded((now() - began) / 1_000) },
      target: `it ends with all messages, and stays within ${LIMIT_MB} MB`,
      met: messages === MESSAGES && most <= LIMIT_MB,
    },
  ]
}
