import { expect, test } from 'vitest'
import { formatBytes, formatInstant, formatLong, formatMs, plural } from './format.ts'

test('spans are given as exactly as they can be read', () => {
  expect([0.34, 250.9, 9_999, 10_000, 99_949, 125_000].map(formatMs)).toEqual([
    '0.3 ms',
    '251 ms',
    '9999 ms',
    '10.0 s',
    '99.9 s',
    '2 min 5 s',
  ])
})

test('what goes on is given in whole seconds, minutes, hours', () => {
  expect([-5, 8_900, 72_000, 7_500_000].map(formatLong)).toEqual(['0 s', '8 s', '1 min 12 s', '2 h 5 min'])
})

test('sizes and instants have their units', () => {
  expect([512, 46_300, 46_000_000, 6_400_000].map(formatBytes)).toEqual(['512 B', '46.3 kB', '46 MB', '6.4 MB'])
  expect(formatInstant(12_418.2)).toBe('12.418 s')
})

test('one is not many', () => {
  expect([plural(1, 'copy', 'copies'), plural(2, 'hop')]).toEqual(['1 copy', '2 hops'])
})
