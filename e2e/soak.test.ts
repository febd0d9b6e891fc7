import { expect, test } from 'vitest'
import { SMALL } from './soak/size.ts'
import { soak } from './soak/soak.ts'

test('after half a minute of random clicks, messages, crashes, kills and cuts all agree, page and nodes too', async () => {
  const leastDeeds = 11
  const result = await soak({
    seconds: 20,
    leastDeeds,
    seed: 20_251,
    checkEvery: 6,
    fill: false,
    size: SMALL,
    say: () => {},
  })
  expect(result.deeds).toBeGreaterThanOrEqual(leastDeeds)
  expect(result.checkpoints).toBeGreaterThan(0)
}, 600_000)
