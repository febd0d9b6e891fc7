import { afterEach, expect, test, vi } from 'vitest'
import { createKnown } from './known.ts'

afterEach(() => vi.unstubAllGlobals())

test('a later visit knows the signs that an earlier one has explained', () => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
  const first = createKnown()
  expect([...first.getState()]).toEqual([])
  first.learn('rumor')
  first.learn('start-mark')
  expect([...createKnown().getState()]).toEqual(['rumor', 'start-mark'])
})

test('if a browser forbids storage, each visit is the first one', () => {
  const forbidden = () => {
    throw new Error('denied')
  }
  vi.stubGlobal('localStorage', { getItem: forbidden, setItem: forbidden })
  const known = createKnown()
  known.learn('rumor')
  expect([...known.getState()]).toEqual(['rumor'])
  expect([...createKnown().getState()]).toEqual([])
})
