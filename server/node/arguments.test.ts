import { expect, test } from 'vitest'
import { BUNDLE, environment, start } from '../test-support/processes.ts'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { parseArguments, parseRootId, parseSeed } from './arguments.ts'

const ROOT_ID = 40_000

test('three whole numbers are an id, the number of nodes and a port', () => {
  expect(parseArguments(['1', '4', '20001'], ROOT_ID)).toEqual({ id: 1, n: 4, port: 20_001 })
})

test.each([
  { argv: [], names: '<id> <n> <port>' },
  { argv: ['0', '4'], names: 'not 2' },
  { argv: ['0', '4', '20000', 'more'], names: 'not 4' },
  { argv: ['zero', '4', '20000'], names: "<id> must be a whole number from 0 to 3 where <n> is 4, not 'zero'" },
  { argv: ['-1', '4', '20000'], names: '<id>' },
  { argv: ['4', '4', '20000'], names: '<id>' },
  { argv: ['0.5', '4', '20000'], names: '<id>' },
  { argv: ['', '4', '20000'], names: '<id>' },
  { argv: ['0', 'four', '20000'], names: '<n>' },
  { argv: ['0', '0', '20000'], names: '<n>' },
  { argv: ['0', '1e3', '20000'], names: '<n>' },
  { argv: ['0', '25537', '20000'], names: '<n>' },
  { argv: ['0', '4', 'http'], names: '<port>' },
  { argv: ['0', '4', '0'], names: '<port>' },
  { argv: ['0', '4', '65536'], names: '<port>' },
  { argv: ['0', '4', '0x50'], names: '<port>' },
  { argv: ['0', '4', '20000\n'], names: '<port>' },
])('$argv is refused by name: $names', ({ argv, names }) => {
  expect(parseArguments(argv, ROOT_ID)).toContain(names)
})

test('the port of node 0 is 40000 if the environment names none', () => {
  expect(parseRootId(undefined)).toBe(40_000)
  expect(parseRootId('')).toBe(40_000)
  expect(parseRootId('20000')).toBe(20_000)
})

test.each(['0', '65536', 'forty', '-5', '1.5'])('RUMORSCOPE_ROOT_ID=%s is refused by name', (text) => {
  expect(parseRootId(text)).toContain('RUMORSCOPE_ROOT_ID')
})

test.each(['-1', '1.5', 'one', '9999999999'])('RUMORSCOPE_SEED=%s is refused by name', (text) => {
  expect(parseSeed(text)).toContain(`RUMORSCOPE_SEED must be a whole number from 0 to 999999999, not '${text}'`)
  expect([parseSeed('0'), parseSeed('7'), typeof parseSeed('')]).toEqual([0, 7, 'number'])
})

test.each([
  { argv: ['x', '4', '20000'], env: {}, names: '<id>' },
  { argv: ['0', 'x', '20000'], env: {}, names: '<n>' },
  { argv: ['0', '4', 'x'], env: {}, names: '<port>' },
  { argv: ['0', '4', '20000'], env: { RUMORSCOPE_ROOT_ID: 'x' }, names: 'RUMORSCOPE_ROOT_ID' },
  { argv: ['0', '4', '20000'], env: { RUMORSCOPE_SEED: 'x' }, names: 'RUMORSCOPE_SEED' },
  { argv: ['0', '4', '20000'], env: { RUMORSCOPE_KEY: '\ufffd'.repeat(9) }, names: 'RUMORSCOPE_KEY is not UTF-8' },
])('the process says in one line that $names is wrong and exits with 2', async ({ argv, env, names }) => {
  const runtime = await runtimeOfTest()
  const { ended } = start(process.execPath, [BUNDLE, ...argv], { env: environment(runtime, ROOT_ID, env) })
  const { code, stdout, stderr } = await ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^process: .*\n$/)
  expect(stderr).toContain(names)
})
