import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { HEALTHY } from '../../shared/model/fault.ts'
import { createPageStore } from '../store/store.ts'
import { lineOf } from './test-settings.ts'

const content = { kind: 'rumor', origin: 40_000, seq: 0 } as const
const leaving = { node: 0, to: 40_001, why: 'new', bytes: 30, content } as const
const held = (n: number, number: number): LabEvent => ({
  n,
  at: n,
  type: 'held',
  number,
  ticket: number,
  ...leaving,
})
const sent = (n: number, number: number, at: number, more: object = {}): LabEvent =>
  ({ n, at, type: 'sent', held: number, delayMs: 0, ...leaving, ...more }) as LabEvent

function storeWithTwoHeld() {
  const store = createPageStore()
  store.enqueue([
    { n: 1, at: 0, type: 'network', settings: lineOf(2) },
    { n: 2, at: 0, type: 'running', node: 0, tcp: [] },
    { n: 3, at: 0, type: 'running', node: 1, tcp: [] },
    held(4, 1),
    held(5, 2),
  ])
  store.advance(10)
  return store
}

test('a delivery is remembered with its forecast and with the lab before it', () => {
  const store = storeWithTwoHeld()
  store.enqueue([sent(6, 1, 20)])
  store.advance(20)
  const { step } = store.getState()
  expect(step).toMatchObject({ how: 'delivered', datagrams: [{ number: 1 }] })
  expect(step?.foretold).toEqual([
    'delivered now, this makes node 1 store message 0.0, pass it on, and acknowledge to node 0',
  ])
  expect(Object.keys(step?.before.held ?? {})).toEqual(['1', '2'])
})

test('releases of one command are one step, and two commands are two', () => {
  const store = storeWithTwoHeld()
  store.enqueue([sent(6, 1, 20), sent(7, 2, 30)])
  store.advance(30)
  expect(store.getState().step?.datagrams).toHaveLength(2)
  const other = storeWithTwoHeld()
  other.enqueue([sent(6, 1, 20, { fate: 'dropped' }), sent(7, 2, 2_000)])
  other.advance(20)
  expect(other.getState().step).toMatchObject({ how: 'dropped', foretold: [] })
  other.advance(2_000)
  expect(other.getState().step).toMatchObject({ how: 'delivered', datagrams: [{ number: 2 }] })
})

test('the highlights end when the gates are open again', () => {
  const store = storeWithTwoHeld()
  store.enqueue([sent(6, 1, 20), { n: 7, at: 30, type: 'links', links: { '*': HEALTHY } }])
  store.advance(20)
  expect(store.getState().step).not.toBeNull()
  store.advance(30)
  expect(store.getState().step).toBeNull()
})
