import { expect, test } from 'vitest'
import { LOST_AT } from '../../shared/model/losses.ts'
import { AFTERGLOW_MS, flightAt } from './flight.ts'

const datagram = { sentAt: 1_000, arrivesAt: 1_250, receivedAt: null, lostAt: null, lostWhy: null }

test('a datagram moves evenly from the instant of its sending to that of its arrival', () => {
  expect(flightAt(datagram, 999)).toBeNull()
  expect(flightAt(datagram, 1_000)).toEqual({ phase: 'flying', progress: 0 })
  expect(flightAt(datagram, 1_125)).toEqual({ phase: 'flying', progress: 0.5 })
})

test('an overdue datagram waits at its receiver', () => {
  expect(flightAt(datagram, 1_400)).toEqual({ phase: 'flying', progress: 1 })
})

test('an arrival glows for a while', () => {
  const received = { ...datagram, receivedAt: 1_251 }
  expect(flightAt(received, 1_250)).toMatchObject({ phase: 'flying' })
  expect(flightAt(received, 1_251)).toEqual({ phase: 'arrived', age: 0 })
  expect(flightAt(received, 1_251 + AFTERGLOW_MS)).toBeNull()
})

test('a lost datagram ends short of its receiver, also when its loss was noticed late', () => {
  const lost = { ...datagram, lostAt: 3_250, lostWhy: 'gone' as const }
  expect(flightAt(lost, 1_100)).toEqual({ phase: 'flying', progress: 0.4 })
  expect(flightAt(lost, 1_000 + 250 * LOST_AT)).toEqual({ phase: 'lost', age: 0 })
  expect(flightAt(lost, 9_000)).toBeNull()
})

test('a datagram to a dead node flies all the same', () => {
  const lost = { ...datagram, lostAt: 1_001, lostWhy: 'gone' as const }
  expect(flightAt(lost, 1_100)).toEqual({ phase: 'flying', progress: 0.4 })
  expect(flightAt(lost, 1_000 + 250 * LOST_AT)).toEqual({ phase: 'lost', age: 0 })
})

test('without a delay a datagram arrives at once', () => {
  expect(flightAt({ ...datagram, arrivesAt: 1_000 }, 1_000)).toEqual({ phase: 'flying', progress: 1 })
})

test('a datagram that did not pass its sender’s gate ends half-way', () => {
  const cut = { ...datagram, lostAt: 1_125, lostWhy: 'cut' as const }
  expect(flightAt(cut, 1_100)).toEqual({ phase: 'flying', progress: 0.4 })
  expect(flightAt(cut, 1_125)).toEqual({ phase: 'lost', age: 0 })
})
