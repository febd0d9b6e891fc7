/** Memory of the lab itself, without processes: what it keeps of events and states. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Measurement, rounded } from './measurement.ts'

const GENERATIONS = 20
const MESSAGES = 1_000
const LIMIT_MB = 400

export async function supervisor(root: string): Promise<Measurement[]> {
  const program = join(root, 'dist/server/manyRestarts.js')
  const args = ['--expose-gc', `--max-old-space-size=${LIMIT_MB}`, program, `${GENERATIONS}`, `${MESSAGES}`]
  const outcome = await promisify(execFile)(process.execPath, args).then(
    ({ stdout }): { most: number; held: number } => JSON.parse(stdout),
    // It ran out of memory, most likely; its words are V8's.
    () => undefined,
  )
  return [
    {
      name: 'supervisor-memory',
      what: `the largest heap of a lab and its 64 simulated nodes over ${GENERATIONS} generations and ${MESSAGES} messages, allowed ${LIMIT_MB} MB`,
      figures: { mostMB: rounded(outcome?.most ?? Number.NaN) },
      target: `it ends, and stays within ${LIMIT_MB} MB`,
      met: outcome !== undefined && outcome.most <= LIMIT_MB,
    },
  ]
}
