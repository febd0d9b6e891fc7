/** Tests that `npm run test:long` reports the outcome of each part, and fails when one has failed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Part, runParts } from '../scripts/long/parts.ts'

const printing = (name: string, code: string): Part => ({
  name,
  command: [process.execPath, '-e', code],
  counted: /\d+ seeds/,
})

async function run(...parts: readonly Part[]) {
  const folder = mkdtempSync(join(tmpdir(), 'rumorscope-long-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const lines: string[] = []
  const failed = await runParts(parts, { cwd: folder, folder, say: (line) => lines.push(line) })
  return { failed, lines, log: (name: string) => readFileSync(join(folder, name), 'utf8') }
}

test('each part that passes is a line with its counts and its time', async () => {
  const { failed, lines, log } = await run(
    printing('fuzz', 'console.log("a story; 12 seeds")'),
    printing('soak, long', 'console.error("3 seeds")'),
  )
  expect(lines).toEqual([
    expect.stringMatching(/^passed {2}fuzz: 12 seeds, \d+ s$/),
    expect.stringMatching(/^passed {2}soak, long: 3 seeds, \d+ s$/),
  ])
  expect(failed).toBe(0)
  expect(log('fuzz.log')).toBe('a story; 12 seeds\n')
})

test('a part that fails reports how it ended and its last output, and the others run all the same', async () => {
  const { failed, lines } = await run(
    printing('fuzz', 'console.log("12 seeds\\na violation"); process.exitCode = 3'),
    printing('soak', 'console.log("1 seeds")'),
  )
  expect(lines).toEqual([
    expect.stringMatching(/^FAILED {2}fuzz: exit 3, \d+ s; all that it said is in \S+fuzz\.log$/),
    '12 seeds\na violation',
    expect.stringMatching(/^passed {2}soak: 1 seeds/),
  ])
  expect(failed).toBe(1)
})

test('a part without any count has failed, and so has one that cannot be started', async () => {
  const { failed, lines } = await run(printing('fuzz', ''), {
    ...printing('node', ''),
    command: ['./nowhere'],
  })
  expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([
    expect.stringContaining('fuzz: it counted nothing'),
    expect.stringContaining('node: exit'),
  ])
  expect(failed).toBe(2)
})
