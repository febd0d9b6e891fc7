import { expect, test } from 'vitest'
import { PRESETS, planOf, planWords, typedOf } from './plan.ts'
import { lineOf } from './test-settings.ts'

const settings = lineOf(4)

test('an unchanged value needs no word', () => {
  expect(planOf(typedOf(settings), settings)).toEqual({ lines: ['network 4 line'], problem: null })
})

test('a changed value is named', () => {
  const draft = { ...typedOf(settings), n: ' 8', topology: 'ring', coin: '0.25', linkDelayMs: '0' } as const
  expect(planOf(draft, settings)).toEqual({ lines: ['network 8 ring coin=0.25', 'delay 0'], problem: null })
})

test.each([
  [{ n: '65' }, /<n> must be at most 64 in this lab/],
  [{ coin: '2' }, /coin must be a number from 0 to 1/],
  [{ fanout: '' }, /fanout/],
  [{ linkDelayMs: 'soon' }, /delay/],
  [{ linkDelayMs: '' }, /delay/],
])('an impossible value is reported before anything is done: %o', (typed, problem) => {
  expect(planOf({ ...typedOf(settings), ...typed }, settings).problem).toMatch(problem)
})

test.each(PRESETS.map(({ name, draft }) => [name, draft] as const))('the preset %s can be carried out', (_, draft) => {
  expect(planOf(draft, settings).problem).toBeNull()
})

test('the effects of a new network are named, and no others', () => {
  expect(planWords(4, 1, 8)).toBe('Ends 4 running nodes and clears 1 message; then starts 8 nodes.')
  expect(planWords(4, 0, 2)).toBe('Ends 4 running nodes; then starts 2 nodes.')
  expect(planWords(0, 0, 1)).toBe('Starts 1 node.')
})
