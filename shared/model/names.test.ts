import { expect, test } from 'vitest'
import { originOf } from '../gossip/origin.ts'
import { makeUpEvents } from '../sim/made-up.ts'
import { fold } from './fold.ts'
import { EMPTY_LAB } from './lab-state.ts'
import { heldName, messageName, messageNames, nodeNames, portName } from './names.ts'

/** Four nodes, from port 40000 on. */
const lab = fold(EMPTY_LAB, makeUpEvents(1, 1))

test('a node has the word node before its number, and a stranger is its port', () => {
  expect([portName(40_001, lab), portName(50_000, lab)]).toEqual(['node 1', 'port 50000'])
  expect([[], [3], [1, 2], [0, 2, 3]].map(nodeNames)).toEqual([
    'no node',
    'node 3',
    'nodes 1 and 2',
    'nodes 0, 2 and 3',
  ])
})

test('a message has the word message, its node, its life after the first, and its number', () => {
  expect(messageName({ origin: 40_000, seq: 2 }, lab)).toBe('message 0.2')
  expect(messageName({ origin: originOf(40_000, 1), seq: 0 }, lab)).toBe('message 0+1.0')
  expect(messageName({ origin: 50_000, seq: 0 }, lab)).toBe('message :50000.0')
  expect(messageNames(40_001, 3, 4, lab)).toBe('message 1.3')
  expect(messageNames(40_001, 0, 2, lab)).toBe('messages 1.0 and 1.1')
  expect(messageNames(40_001, 0, 4, lab)).toBe('messages 1.0 to 1.3')
})

test('a held datagram has its sign', () => {
  expect(heldName(3)).toBe('#3')
})
