import { expect, test } from 'vitest'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { crashLine, messageLine, restartLine } from './lines.ts'
import { lineOf } from './test-settings.ts'

const settings = lineOf(4)

test('clicks send the lines that a person would type', () => {
  const stored = { type: 'stored', node: 1, origin: 40_001, seq: 0, text: 'Sophie', from: null } as const
  const lab = fold(EMPTY_LAB, [
    { n: 1, at: 0, type: 'network', settings },
    { n: 2, at: 1, ...stored },
  ])
  const node = lab.nodes[1]
  if (!node) throw new Error('no node 1')
  expect(messageLine(node, 'two words', lab)).toBe('1 msg 2 two words')
  expect(crashLine(node)).toBe('1 crash')
  expect(restartLine(node, settings)).toBe('1 start 4 20001')
})
