import { expect, test } from 'vitest'
import { keepNewest } from './keep-newest.ts'

const keptOf = (...texts: string[]) => new Map(texts.map((text, place) => [`${place}`, { frame: { text } }]))

test('the oldest frames go until the rest is within both bounds', () => {
  const kept = keptOf('aaaa', 'bb', 'cc', 'd')
  keepNewest(kept, 3)
  expect([...kept.keys()]).toEqual(['1', '2', '3'])
  keepNewest(kept, 3, 3)
  expect([...kept.keys()]).toEqual(['2', '3'])
})

test('the newest frame stays, however long it is', () => {
  const kept = keptOf('aaaa', 'bbbb')
  keepNewest(kept, 8, 1)
  expect([...kept.keys()]).toEqual(['1'])
})
