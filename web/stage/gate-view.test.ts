import { expect, test } from 'vitest'
import type { Content, LabEvent } from '../../shared/model/event.ts'
import { HEALTHY } from '../../shared/model/fault.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from '../model/test-settings.ts'
import { gateViews, inSight } from './gate-view.ts'

const closed = { ...HEALTHY, hold: true }
const rumor = { kind: 'rumor', origin: 40_000, seq: 0 } as const
const begin: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: lineOf(3) },
  { n: 2, at: 0, type: 'running', node: 0, tcp: [] },
]
const held = (number: number, content: Content = rumor): LabEvent => ({
  n: number + 10,
  at: number,
  type: 'held',
  node: 0,
  number,
  ticket: number,
  to: 40_001,
  why: 'new',
  bytes: 30,
  content,
})

test('every held direction has a gate, also without held datagrams', () => {
  const all = fold(EMPTY_LAB, [...begin, { n: 3, at: 0, type: 'links', links: { '*': closed } }])
  expect(gateViews(all, null, new Set()).map(({ from, to }) => `${from}>${to}`)).toEqual(['0>1', '1>0', '1>2', '2>1'])
  const one = fold(EMPTY_LAB, [...begin, { n: 3, at: 0, type: 'links', links: { '1>2': closed } }])
  expect(gateViews(one, null, new Set())).toEqual([{ from: 1, to: 2, count: 0, waiting: [] }])
})

test('the oldest held datagrams are drawn, all are counted, and each has a name', () => {
  const lab = fold(EMPTY_LAB, [...begin, ...[1, 2, 3, 4, 5, 6].map((number) => held(number))])
  const [gate] = gateViews(lab, { kind: 'held', number: 2 }, new Set([3]))
  expect(gate).toMatchObject({ from: 0, to: 1, count: 6 })
  expect(gate?.waiting.map(({ number, selected, fresh }) => [number, selected, fresh])).toEqual([
    [1, false, false],
    [2, true, false],
    [3, false, true],
    [4, false, false],
  ])
  expect(gate?.waiting[0]?.name).toMatch(/^Held #1: rumor .* node 0 to node 1$/)
})

test('statuses without end do not hide a rumor, nor the next one, nor the selected one', () => {
  const status = { kind: 'status', pairs: [] } as const
  const numbers = Array.from({ length: 20 }, (_, place) => place + 1)
  const lab = fold(EMPTY_LAB, [...begin, ...numbers.map((number) => held(number, number === 9 ? rumor : status))])
  const [gate] = gateViews(lab, { kind: 'held', number: 15 }, new Set())
  expect(gate?.waiting.map(({ number, kind }) => [number, kind])).toEqual([
    [1, 'status'],
    [2, 'status'],
    [9, 'rumor'],
    [15, 'status'],
  ])
  const views = gate?.waiting ?? []
  expect(inSight(views, 3).map(({ number }) => number)).toEqual([1, 9, 15])
  expect(inSight(views, 1).map(({ number }) => number)).toEqual([1])
})
