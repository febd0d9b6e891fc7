/**
 * Does everything that can happen, at random, on the real system, for any length of time:
 *
 *     npm run soak -- --minutes 60             from a new seed, which is printed
 *     npm run soak -- --minutes 5 --seed 42    the same actions again, as far as timing allows
 *     npm run soak -- --nodes 64               a large lab, whose nodes restart again and again: statuses grow
 */
import { parseArgs } from 'node:util'
import { whole } from '../../server/cli/options.ts'
import { MAX_PROCESSES } from '../../shared/model/lab-settings.ts'
import { large, SMALL } from './size.ts'
import { SoakFailed, soak } from './soak.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' }, nodes: { type: 'string' } },
})
try {
  const minutes = whole('--minutes', values.minutes, 1, 10_000)
  const seed =
    values.seed === undefined ? Math.floor(Math.random() * 1e9) : whole('--seed', values.seed, 0, 999_999_999)
  const nodes = values.nodes === undefined ? undefined : whole('--nodes', values.nodes, 10, MAX_PROCESSES)
  const size = nodes === undefined ? SMALL : large(nodes)
  const result = await soak({ seconds: minutes * 60, seed, checkEvery: 15, fill: true, size, say: console.log })
  console.log(JSON.stringify({ name: 'soak', nodes: size.nodes, minutes, seed, ...result }))
} catch (error) {
  console.error(error instanceof SoakFailed ? error.cause : '')
  console.error((error as Error).message)
  process.exitCode = 1
}
