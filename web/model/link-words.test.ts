import { expect, test } from 'vitest'
import { HEALTHY, type LinkCondition, type LinkConditions } from '../../shared/model/fault.ts'
import { linkWords } from './link-words.ts'

const bad = (change: Partial<LinkCondition>): LinkCondition => ({ ...HEALTHY, ...change })
const words = (links: LinkConditions) => linkWords({ links }, 0, 1, 250)

test('a healthy link has the delay of the lab', () => {
  expect(words({})).toEqual({ label: '250 ms', short: '250 ms', fault: null })
})

test('an equal condition in both directions is described once', () => {
  const lossy = bad({ loss: 20, delayMs: 40, jitterMs: 10 })
  expect(words({ '0>1': lossy, '1>0': lossy })).toMatchObject({
    label: '40 ms + up to 10 ms, loss 20 %',
    fault: 'impaired',
  })
  const often = bad({ loss: 20 })
  expect(words({ '0>1': often, '1>0': often }).short).toBe('loss 20 %')
})

test('a cut in one direction is no cut of both', () => {
  const cut = bad({ cut: true })
  expect(words({ '0>1': cut })).toEqual({ label: '0→1 cut; 1→0 250 ms', short: '→1 cut', fault: 'impaired' })
  expect(words({ '0>1': cut, '1>0': cut })).toEqual({ label: 'cut', short: 'cut', fault: 'cut' })
})

test('a held direction is no fault', () => {
  const held = bad({ hold: true })
  expect(words({ '*': held })).toEqual({ label: '250 ms, held', short: '250 ms', fault: null })
  expect(words({ '0>1': held })).toMatchObject({ label: '0→1 250 ms, held; 1→0 250 ms', short: '250 ms', fault: null })
})
