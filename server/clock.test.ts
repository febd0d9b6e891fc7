import { expect, test } from 'vitest'
import { originOf } from './clock.ts'

/** A process that began at 1,000 ms and has to wait, so many ms, after each of its looks at a clock. */
function process(waits: readonly number[]) {
  let time = 5_000
  let look = 0
  const wait = () => {
    time += waits[look] ?? 0.001
    look += 1
  }
  const see = (since: number) => () => {
    const seen = time - since
    wait()
    return seen
  }
  return originOf(see(0), see(1_000))
}

test('a process knows the shared clock, whatever it has to wait for while it looks', () => {
  for (const waits of [[], [25], [0, 25], [25, 25, 25, 40, 0, 0, 7], Array(30).fill(12)])
    expect(Math.abs(process(waits) - 1_000)).toBeLessThan(0.02)
})

test('where no look is quick, the quickest counts', () => {
  const slow = Array.from({ length: 100 }, (_, look) => (look === 30 || look === 31 ? 1 : 30))
  expect(Math.abs(process(slow) - 1_000)).toBeLessThan(16)
})
