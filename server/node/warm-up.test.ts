import { expect, test } from 'vitest'
import { MESSAGES, warmUp } from './warm-up.ts'

test('an idle node warms up to the end', async () => {
  expect(await warmUp({ inputs: 7 })).toBe(MESSAGES)
})

test('a node to which lines or datagrams come at once does not warm up', async () => {
  let inputs = 0
  const busy = {
    get inputs() {
      inputs += 1
      return inputs
    },
  }
  expect(await warmUp(busy)).toBe(0)
})

test('a line or datagram ends the warm-up', async () => {
  let looks = 0
  const played = await warmUp({
    get inputs() {
      looks += 1
      // Looks 1 and 2 are around the first wait, 3 is before the first slice.
      return looks > 3 ? 1 : 0
    },
  })
  expect(played).toBeGreaterThan(0)
  expect(played).toBeLessThan(MESSAGES)
})
