import { expect, test } from 'vitest'
import { disagreement } from '../../shared/model/agreement.ts'
import { wordsOf, writtenIn } from '../../shared/model/cell-words.ts'
import { cellsOf } from '../../shared/model/cells.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { reachOf } from '../../shared/model/reach.ts'
import { measure } from './measures.ts'
import { lineOf } from './test-settings.ts'
import { createLandmarks } from './time/landmarks.ts'

const program = { generation: 0, pid: 1, seed: 1, program: true } as const
const BEGUN: readonly LabEvent[] = [
  { n: 1, at: 0, type: 'network', settings: { ...lineOf(2), linkDelayMs: 0 } },
  { n: 2, at: 1, type: 'starting', node: 0, ...program },
  { n: 3, at: 1, type: 'starting', node: 1, ...program },
  { n: 4, at: 2, type: 'running', node: 0, tcp: [20_000] },
  { n: 5, at: 2, type: 'running', node: 1, tcp: [20_001] },
  { n: 6, at: 10, type: 'given', node: 0, origin: 40_000, seq: 0, text: 'hi' },
]
const message = { type: 'stored', origin: 40_000, seq: 0, text: 'hi', inferred: true } as const
const SEEN: readonly LabEvent[] = [
  ...BEGUN,
  { n: 7, at: 30, node: 0, ...message, from: null },
  { n: 8, at: 50, node: 1, ...message, from: 0 },
]

const stateOf = (events: readonly LabEvent[]) => fold(EMPTY_LAB, events)

function cellsAt(events: readonly LabEvent[]) {
  const lab = stateOf(events)
  return lab.messages.flatMap((one) => cellsOf(one, reachOf(lab)))
}

test('a message that a program was given and does not show is on no node, and the nodes do not agree', () => {
  expect(cellsAt(BEGUN).map((cell) => writtenIn(cell, 200))).toEqual(['not seen', 'not seen'])
  expect(disagreement(stateOf(BEGUN))).toMatch(/^node 0 was given “hi”/)
  const landmarks = createLandmarks(EMPTY_LAB)
  landmarks.take(BEGUN)
  expect(landmarks.all.some(({ kind }) => kind === 'agreement')).toBe(false)
  landmarks.take(SEEN.slice(BEGUN.length))
  expect(landmarks.all.at(-1)).toMatchObject({ kind: 'agreement', n: 8 })
})

test('a copy in a chat log is said to be inferred, and its time counts from when the message was given', () => {
  expect(cellsAt(SEEN).map(wordsOf)).toEqual(['origin', 'inferred: in its chat log after 40 ms'])
  expect(disagreement(stateOf(SEEN))).toBeUndefined()
})

test('measures that need datagrams are left out, and are not 0', () => {
  expect(measure(stateOf(SEEN), 1_000)).toMatchObject({ perMessage: null, untold: 1, median: 40, toAll: 1 })
})
