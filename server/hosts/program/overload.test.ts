import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { waitedMsOf } from '../../platform/proc.ts'
import { Overload } from './overload.ts'

/** Looks every 500 ms: by look, how long process 1 has waited for a processor until then, in ms. */
function looks(...waited: readonly number[]): boolean[] {
  const overload = new Overload(0)
  return waited.map((ms, turn) => {
    overload.look(500 * turn, [1], 0, () => ms)
    return overload.isBusy
  })
}

test('a program that waits for a processor for a fifth of the time is overloaded, until 3 s are calm', () => {
  expect(looks(0, 99, 199, 299, 299, 299, 299, 299, 299, 299)).toEqual([
    ...[false, false, true, true, true, true, true, true, true],
    false,
  ])
})

test('the wait of a process before the first look at it does not count', () => {
  expect(looks(60_000, 60_001)).toEqual([false, false])
})

test('a look that is late shows it too', () => {
  const overload = new Overload(0)
  overload.look(700, [], 200)
  expect(overload.isBusy).toBe(true)
})

test.runIf(process.platform === 'linux')('the system says how long a process waited for a processor', async () => {
  // One loop more than processors: each waits. They end by themselves.
  const command = ['20', 'sh', '-c', 'echo $$; while :; do :; done']
  const loops = Array.from({ length: availableParallelism() + 1 }, () => spawn('timeout', command))
  onTestFinished(() => {
    for (const loop of loops) loop.kill()
  })
  const [first] = await Promise.all(loops.map(async ({ stdout }) => Number(await once(stdout, 'data'))))
  const before = waitedMsOf(first ?? 0)
  await expect.poll(() => waitedMsOf(first ?? 0) - before).toBeGreaterThan(20)
  expect(waitedMsOf(2 ** 22 + 1)).toBe(0)
})
