import { expect, test } from 'vitest'
import { hashOf, isAbout, type Place, placeIn } from './address.ts'

const here: Place = { t: 12_418.25, event: null, lab: '0f3a8c21', selection: null }

test.each<readonly [string, Place]>([
  ['#t=12418.25&lab=0f3a8c21', here],
  ['#t=12418.25&event=812&lab=0f3a8c21', { ...here, event: 812 }],
  ['#t=12418.25&lab=0f3a8c21&node=2', { ...here, selection: { kind: 'node', id: 2 } }],
  ['#t=0&message=40001.3', { ...here, t: 0, lab: null, selection: { kind: 'message', origin: 40_001, seq: 3 } }],
  ['#datagram=77', { t: null, event: null, lab: null, selection: { kind: 'datagram', id: 77 } }],
  ['#link=0-1', { t: null, event: null, lab: null, selection: { kind: 'link', a: 0, b: 1 } }],
  ['', { t: null, event: null, lab: null, selection: null }],
])('%s converts to an address and back', (hash, place) => {
  expect(placeIn(hash)).toEqual(place)
  expect(hashOf(place)).toBe(hash)
})

test('an invalid address is ignored', () => {
  expect(placeIn('#t=-5&event=1&node=x&link=1&lab=a')).toEqual({ t: null, event: null, lab: 'a', selection: null })
  expect(placeIn('#t=1e9')).toMatchObject({ t: null })
})

test('an address belongs to the lab that it names, or to any', () => {
  expect(isAbout(here, '0f3a8c21-77aa')).toBe(true)
  expect(isAbout(here, '1f3a8c21-77aa')).toBe(false)
  expect(isAbout({ ...here, lab: null }, 'anything')).toBe(true)
})
