import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from './test-settings.ts'
import { allOrigins, knownOf, wordsAbout } from './vectors.ts'

const settings = lineOf(3)
const stored = (n: number, node: number, origin: number, seq: number, from: number | null): LabEvent => ({
  n,
  at: n,
  type: 'stored',
  node,
  origin,
  seq,
  text: 'x',
  from,
})
const status = (n: number, pairs: readonly (readonly [number, number])[]): LabEvent => ({
  n,
  at: n,
  type: 'received',
  node: 1,
  from: 40_002,
  datagram: null,
  bytes: 1,
  content: { kind: 'status', pairs },
})
const starting = (n: number, node: number): LabEvent => ({
  n,
  at: n,
  type: 'starting',
  node,
  generation: 0,
  pid: 1,
  seed: 1,
})

function view(...events: LabEvent[]) {
  const begin: LabEvent[] = [{ n: 1, at: 0, type: 'network', settings }, starting(2, 0), starting(3, 1), starting(4, 2)]
  const lab = fold(EMPTY_LAB, [...begin, ...events])
  const node = lab.nodes[1]
  if (!node) throw new Error('no node 1')
  const known = knownOf(node, lab)
  return { known, origins: allOrigins(node, known), words: known.flatMap((each) => wordsAbout(node, each, lab)) }
}

test('a neighbour that has not acknowledged is described as behind', () => {
  const { words, origins } = view(stored(5, 1, 40_001, 0, null), status(6, [[40_001, 0]]))
  expect(words).toEqual(['node 1 has not heard from node 0 yet', 'node 2 has not acknowledged message 1.0 yet'])
  expect(origins).toEqual([40_001])
})

test('a neighbour that sent a message has it, whatever its last status', () => {
  const { known } = view(status(5, []), stored(6, 1, 40_002, 0, 40_002))
  expect(known[1]?.vector).toEqual({ 40002: 1 })
})

test('a crash before the acknowledgement is described so', () => {
  const { words } = view(stored(5, 1, 40_001, 0, null), status(6, []), {
    n: 7,
    at: 7,
    type: 'ended',
    node: 2,
    end: { how: 'crashed' },
    stderr: [],
  })
  expect(words.at(-1)).toBe('node 2 had not acknowledged message 1.0 when it ended')
})

test('a neighbour’s messages of an earlier life are not assumed', () => {
  const { known } = view(stored(5, 1, 40_002, 0, 40_002), starting(6, 2))
  expect(known[1]?.vector).toBeNull()
})
