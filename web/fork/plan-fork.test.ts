import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from '../model/test-settings.ts'
import { commandsAfter, type Known, lastCrash, linesOf, pointAt } from './plan-fork.ts'

const command = (n: number, at: number, line: string, error?: string): LabEvent => ({
  n,
  at,
  type: 'command',
  by: 'page',
  line,
  output: [],
  ...(error === undefined ? {} : { error }),
})

const EVENTS: readonly LabEvent[] = [
  { n: 1, at: 1, type: 'network', settings: lineOf(3) },
  { n: 2, at: 50, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] },
  command(3, 51, '1 crash'),
  command(4, 60, '1 start 3 20001'),
  command(5, 70, '1 get chatLog'),
  command(6, 80, '9 crash', 'there is no node 9'),
  command(7, 90, '0 msg 1 hello'),
]

const KNOWN: Known = {
  base: EMPTY_LAB,
  events: EVENTS,
  stateAt: (number) => fold(EMPTY_LAB, EVENTS.slice(0, number)),
  numberAt: (at) => EVENTS.filter((event) => event.at <= at).length,
}

test('the commands after an instant that a fork repeats changed something, and were carried out', () => {
  expect(commandsAfter(KNOWN, 55).map(({ line }) => line)).toEqual(['1 start 3 20001', '0 msg 1 hello'])
})

test('undo of a crash is a fork of the instant before its effect', () => {
  const crash = lastCrash(KNOWN, 75)
  expect(crash?.command).toEqual({ n: 3, at: 51, line: '1 crash' })
  expect(crash?.before).toBeCloseTo(50, 2)
  expect(pointAt(KNOWN, crash?.before ?? 0).events.map(({ n }) => n)).toEqual([1])
  expect(lastCrash(KNOWN, 20)).toBe(null)
})

test('one thing changes, and the later commands stay', () => {
  const lines = (change: Parameters<typeof linesOf>[2], at: number) =>
    linesOf(KNOWN, at, change).map(({ line }) => line)
  expect(lines({ kind: 'chance' }, 40)).toEqual(['1 crash', '1 start 3 20001', '0 msg 1 hello'])
  expect(lines({ kind: 'command', line: '2 crash' }, 65)).toEqual(['2 crash', '0 msg 1 hello'])
  expect(lines({ kind: 'without', command: { n: 3, at: 51, line: '1 crash' } }, 40)).toEqual([
    '1 start 3 20001',
    '0 msg 1 hello',
  ])
})
