import { expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDate,
  formatElapsed,
  formatInstant,
  formatMs,
  formatShare,
  plural,
  spoken,
  spokenInstant,
} from './format.ts'

test('a length of time is in ms below 1 s and in s from there on, always with three digits', () => {
  expect([0.344, 2.04, 12.44, 250.9, 999.4, 999.6, 1_249, 9_999, 12_449, 125_400].map((ms) => formatMs(ms))).toEqual([
    '0.34 ms',
    '2.04 ms',
    '12.4 ms',
    '251 ms',
    '999 ms',
    '1.00 s',
    '1.25 s',
    '10.0 s',
    '12.4 s',
    '125 s',
  ])
})

test('a whole number has no decimals: a setting is what was set', () => {
  expect([0, 2, 30, 250, 1_000, 30_000, 600_000].map((ms) => formatMs(ms))).toEqual([
    '0 ms',
    '2 ms',
    '30 ms',
    '250 ms',
    '1 s',
    '30 s',
    '600 s',
  ])
})

test('a length of a thousand seconds or more is given in minutes and hours', () => {
  expect([999_600, 3_599_000, 7_500_000].map((ms) => formatMs(ms))).toEqual(['16 min 39 s', '59 min 59 s', '2 h 5 min'])
})

test('elapsed time is given in whole seconds', () => {
  expect([-5, 400, 8_900, 72_000, 7_500_000].map(formatElapsed)).toEqual(['0 s', '0 s', '8 s', '72 s', '2 h 5 min'])
})

test('an instant is in s, to the millisecond or as finely as its scale', () => {
  expect(formatInstant(12_418.2)).toBe('12.418 s')
  expect([formatInstant(418, 0.01), formatInstant(12_000, 1_000)]).toEqual(['0.41800 s', '12 s'])
})

test('a date is written out, and one beyond all dates is unknown', () => {
  expect(formatDate(1_796_040_000_000)).toContain('2026')
  expect([9e15, -9e15, Number.POSITIVE_INFINITY, Number.NaN].map((at) => formatDate(at))).toEqual(
    Array(4).fill('an unknown date'),
  )
})

test('sizes have their units and three digits', () => {
  expect([512, 46_320, 46_040_000, 6_400_000].map(formatBytes)).toEqual(['512 B', '46.3 kB', '46.0 MB', '6.40 MB'])
})

test('thousands are separated, and one is singular', () => {
  expect([formatCount(28_730), formatCount(3.46), formatShare(0.254)]).toEqual(['28,730', '3.5', '25 %'])
  expect([plural(1.04, 'copy', 'copies'), plural(2, 'hop'), plural(3_655, 'datagram')]).toEqual([
    '1 copy',
    '2 hops',
    '3,655 datagrams',
  ])
})

test('spoken text has its units in full, and an instant three digits', () => {
  expect([0, 418, 1_000, 1_249, 23_312.4, 125_400].map(spokenInstant)).toEqual([
    '0 seconds',
    '0.42 seconds',
    '1 second',
    '1.25 seconds',
    '23.3 seconds',
    '125 seconds',
  ])
  expect(spoken('1/100, 10 ms per second')).toBe('1/100, 10 milliseconds per second')
  expect(spoken('2 h 1 min')).toBe('2 hours 1 minute')
})
