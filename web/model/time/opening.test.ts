import { expect, test } from 'vitest'
import type { LabEvent } from '../../../shared/model/event.ts'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../../shared/model/lab-state.ts'
import { lineOf } from '../test-settings.ts'
import { type Opening, openingOf } from './opening.ts'
import { createPast } from './past.ts'

const network: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: lineOf(2) },
  { n: 2, at: 10, type: 'starting', node: 0, generation: 0, pid: 1, seed: 1 },
  { n: 3, at: 60, type: 'running', node: 0, tcp: [20_000] },
]
const said = (n: number, at: number): LabEvent => ({
  ...{ n, at, type: 'stored', node: 0, origin: 40_000, seq: n, text: 'hello', from: null },
})

function openingAfter(events: readonly LabEvent[], before: readonly LabEvent[] = [], opensAt?: Opening) {
  const past = createPast(fold(EMPTY_LAB, before))
  past.append(events)
  return openingOf(past, opensAt)
}

test('a recording opens at its first message, and says when that was', () => {
  expect(openingAfter([...network, said(4, 12_418), said(5, 20_000)])).toEqual({
    event: 4,
    words: 'Opened at its first message, 12.418 s.',
  })
})

test('a recording without messages opens at its end, where its nodes are', () => {
  expect(openingAfter(network)).toEqual({ event: 3, words: 'Opened at its end, 0.060 s.' })
})

test('a recording that continues another opens at its beginning', () => {
  const opening = openingAfter([said(5, 20_000)], [...network, said(4, 12_418)])
  expect(opening).toEqual({ event: 4, words: 'Opened at its beginning, 12.418 s.' })
})

test('a recording of a check opens where it failed, with the reason, unless it lacks that event', () => {
  const failure = { event: 3, words: 'Run 7: the chat log of node 2 lacks “Bob”.' }
  expect(openingAfter([...network, said(4, 12_418)], [], failure)).toEqual(failure)
  expect(openingAfter(network, [], { ...failure, event: 9 })).toEqual({
    event: 3,
    words: 'Opened at its end, 0.060 s.',
  })
})
