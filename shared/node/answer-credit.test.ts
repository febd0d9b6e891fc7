import { expect, test } from 'vitest'
import { ANSWER_BYTES_PER_BYTE, AnswerCredit, MAX_ANSWER_CREDIT_BYTES } from './answer-credit.ts'
import { MAX_RATED_SENDERS } from './rate-limit.ts'

test('a stranger gets a multiple of the bytes that came in its name, and nothing before', () => {
  const credit = new AnswerCredit()
  expect(credit.spend(9, 1)).toBe(false)
  credit.earn(9, 20)
  expect(credit.spend(9, 20 * ANSWER_BYTES_PER_BYTE - 1)).toBe(true)
  expect(credit.spend(9, 2)).toBe(false)
  expect(credit.spend(9, 1)).toBe(true)
  expect(credit.spend(10, 1)).toBe(false)
})

test('the credit that a stranger can save is bounded', () => {
  const credit = new AnswerCredit()
  for (let datagram = 0; datagram < 100; datagram += 1) credit.earn(9, 65_507)
  expect(credit.spend(9, MAX_ANSWER_CREDIT_BYTES + 1)).toBe(false)
  expect(credit.spend(9, MAX_ANSWER_CREDIT_BYTES)).toBe(true)
})

test('a bounded number of strangers is remembered: the one that was quiet longest loses its credit', () => {
  const credit = new AnswerCredit()
  for (let port = 1; port <= MAX_RATED_SENDERS + 1; port += 1) credit.earn(port, 1)
  expect(credit.spend(1, 1)).toBe(false)
  expect(credit.spend(2, 1)).toBe(true)
  expect(credit.spend(MAX_RATED_SENDERS + 1, 1)).toBe(true)
})
