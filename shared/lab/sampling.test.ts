import { expect, test } from 'vitest'
import { Sampling } from './sampling.ts'

test('the sparsity of a node’s reports since an instant is the highest in force since then', () => {
  const sampling = new Sampling()
  expect(sampling.sparsestSince(0, 0)).toBe(1)
  sampling.note(0, 8, 100)
  expect(sampling.sparsestSince(0, 500)).toBe(8)
  sampling.note(0, 2, 600)
  expect(sampling.sparsestSince(0, 600)).toBe(8)
  expect(sampling.sparsestSince(0, 601)).toBe(2)
  sampling.note(0, 1, 700)
  expect([600, 700, 701].map((since) => sampling.sparsestSince(0, since))).toEqual([8, 2, 1])
  expect(sampling.sparsestSince(1, 0)).toBe(1)
})

test('a datagram’s hash counts as left out until it belongs to the samples', () => {
  const sampling = new Sampling()
  sampling.note(0, 8, 100)
  sampling.note(0, 2, 600)
  sampling.note(0, 1, 700)
  expect([1, 2, 4, 8].map((hash) => sampling.leftOutUntil(0, hash))).toEqual([700, 600, 600, -Infinity])
})

test('it forgets an ended node', () => {
  const sampling = new Sampling()
  sampling.note(0, 4, 1)
  sampling.forget(0)
  expect(sampling.sparsestSince(0, 0)).toBe(1)
})
