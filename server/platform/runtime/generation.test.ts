import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAX_GENERATION } from '../../../shared/gossip/limits.ts'
import { runtimeOfTest } from '../../test-support/runtime.ts'
import { clearGenerations, keepGeneration, takeGeneration } from './generation.ts'

test('each start of a node is one more generation, counted for each port', async () => {
  const directory = await runtimeOfTest()
  expect([0, 0, 0].map(() => takeGeneration(directory, 40_000))).toEqual([0, 1, 2])
  expect(takeGeneration(directory, 40_001)).toBe(0)
  expect(readFileSync(join(directory, 'generation-40000'), 'utf8')).toBe('000003\n')
})

test('a generation that a node has moved on to is not used again, nor one before it', async () => {
  const directory = await runtimeOfTest()
  keepGeneration(directory, 40_000, 7)
  keepGeneration(directory, 40_000, 3)
  expect(takeGeneration(directory, 40_000)).toBe(8)
})

test('cleared counts start again, and nothing else is removed', async () => {
  const directory = await runtimeOfTest()
  takeGeneration(directory, 40_000)
  writeFileSync(join(directory, 'node-40000'), '')
  clearGenerations(directory)
  expect(readdirSync(directory)).toEqual(['node-40000'])
  expect(takeGeneration(directory, 40_000)).toBe(0)
})

test('a count of an earlier version, with fewer digits, continues', async () => {
  const directory = await runtimeOfTest()
  writeFileSync(join(directory, 'generation-40000'), '9\n')
  expect([0, 0].map(() => takeGeneration(directory, 40_000))).toEqual([9, 10])
})

test('a count that is no number stops the start: guessing could use message numbers twice', async () => {
  const directory = await runtimeOfTest()
  writeFileSync(join(directory, 'generation-40000'), 'many')
  expect(() => takeGeneration(directory, 40_000)).toThrow('run stopall to start over')
  expect(readFileSync(join(directory, 'generation-40000'), 'utf8')).toBe('many')
})

test('past the last generation there is no further start', async () => {
  const directory = await runtimeOfTest()
  writeFileSync(join(directory, 'generation-40000'), `${MAX_GENERATION}\n`)
  expect(takeGeneration(directory, 40_000)).toBe(MAX_GENERATION)
  expect(() => takeGeneration(directory, 40_000)).toThrow('run stopall to start over')
})
