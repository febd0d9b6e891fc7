import { expect, test } from 'vitest'
import { originOf } from '../gossip/origin.ts'
import { type Comparison, differences, readStatus } from './explain.ts'

const comparison: Comparison = {
  receiver: 'node 2',
  holds: {},
  sender: 'node 1',
  says: {},
  partial: false,
  answers: false,
  window: 16,
  names: (origin, from, to) => `${origin}.${from} to .${to - 1}`,
  tense: 'will',
}

test('a receiver that has more will send what the sender lacks', () => {
  expect(readStatus({ ...comparison, holds: { 40001: 3 }, says: { 40001: 1 } })).toEqual({
    verdict: 'they lack',
    sentences: ['node 2 has origin 40001 up to 3, node 1 has it up to 1: node 2 will send 40001.1 to .2'],
  })
})

test('an origin that the status does not name is lacked entirely', () => {
  const { sentences } = readStatus({ ...comparison, holds: { 40002: 3 }, says: {} })
  expect(sentences).toEqual(['node 2 has origin 40002 up to 3, node 1 has none of it: node 2 will send 40002.0 to .2'])
})

test('a partial status says nothing about origins that it does not name', () => {
  expect(readStatus({ ...comparison, holds: { 40002: 3 }, says: {}, partial: true }).verdict).toBe('agree')
})

test('a receiver that has less will ask', () => {
  expect(readStatus({ ...comparison, holds: { 40000: 1 }, says: { 40000: 2 } })).toEqual({
    verdict: 'I lack',
    sentences: ['node 1 has origin 40000 up to 2, node 2 has it up to 1: node 2 will ask for 40000.1 to .1'],
  })
})

test('sending comes before asking', () => {
  expect(readStatus({ ...comparison, holds: { 40000: 1 }, says: { 40001: 2 } }).verdict).toBe('they lack')
})

test('at most a window of messages goes out before the next status', () => {
  const { sentences } = readStatus({ ...comparison, holds: { 40001: 30 }, says: { 40001: 10 } })
  expect(sentences[0]).toMatch(/will send 40001.10 to .25 and wait for the next status$/)
})

test('a message in flight is not sent again', () => {
  const lacking = { ...comparison, holds: { 40001: 3 }, says: { 40001: 1 } }
  const one = readStatus({ ...lacking, underway: (_, seq) => seq === 1 })
  expect(one.sentences[0]).toMatch(/node 2 will send 40001.2 to .2$/)
  const all = readStatus({ ...lacking, underway: () => true })
  expect(all.sentences[0]).toMatch(/node 2 has already sent 40001.1 to .2$/)
})

test('agreement on an acknowledged rumor is decided by a coin', () => {
  expect(readStatus({ ...comparison, answers: true }).sentences[0]).toMatch(/will toss a coin/)
  expect(readStatus({ ...comparison, answers: true, tense: 'does' }).sentences[0]).toMatch(/tosses a coin/)
  expect(readStatus(comparison).sentences[0]).toMatch(/does nothing/)
})

test('many origins are summed up', () => {
  const holds = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [40_000 + index, 1]))
  expect(readStatus({ ...comparison, holds }).sentences.at(-1)).toBe('and 6 more origins')
})

test('older generations come first, and equal counts are no difference', () => {
  const reborn = originOf(40_000, 1)
  expect(differences({ [reborn]: 1, 40001: 2, 40003: 1 }, { 40003: 1 }).map(({ origin }) => origin)).toEqual([
    40_001,
    reborn,
  ])
})

test('a message that is too large to send blocks the later ones of its origin, and keeps the receiver from nothing else', () => {
  const oversized = (origin: number, seq: number) => origin === 40_001 && seq === 2
  const limited = { ...comparison, oversized, holds: { 40001: 4 } }
  expect(readStatus({ ...limited, says: {} }).sentences).toEqual([
    'node 2 has origin 40001 up to 4, node 1 has none of it: node 2 will send 40001.0 to .1',
  ])
  const stuck = 'node 1 lacks 40001.2 to .2 of origin 40001, which is too large for node 2 to send'
  expect(readStatus({ ...limited, says: { 40001: 2 } })).toEqual({ verdict: 'they lack', sentences: [stuck] })
  const both = readStatus({ ...limited, says: { 40001: 2, 40002: 1 } })
  expect(both).toMatchObject({ verdict: 'I lack', sentences: [expect.stringMatching(/will ask for 40002/), stuck] })
})
