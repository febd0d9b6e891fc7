import { expect, test } from 'vitest'
import { keyIn, withoutKey } from './enter.ts'

test.each([
  ['', undefined, ''],
  ['#key=a-B_9', 'a-B_9', ''],
  ['#t=1500', undefined, '#t=1500'],
  ['#t=1500&key=abc', 'abc', '#t=1500'],
  ['#key=abc&t=1500', 'abc', '#t=1500'],
  ['#monkey=abc', undefined, '#monkey=abc'],
])('behind the address %j the key is %j, and %j stays', (hash, key, rest) => {
  expect(keyIn(hash)).toBe(key)
  expect(withoutKey(hash)).toBe(rest)
})
