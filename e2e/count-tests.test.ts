import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumorscope-count-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const GOOD = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }

test('a good run ends with the count alone on the last line', async () => {
  expect(await count(GOOD, 0)).toEqual({ output: '7 passed, 0 failed\n', code: 0 })
})

test('failed tests are counted, and fail the run', async () => {
  expect(await count({ ...GOOD, numFailedTests: 2 }, 1)).toEqual({ output: '7 passed, 2 failed\n', code: 1 })
})

test('a test file that could not be loaded counts as a failure', async () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  expect(await count({ ...GOOD, testResults }, 1)).toEqual({ output: '7 passed, 1 failed\n', code: 1 })
})

test('a failure outside of the tests is counted too', async () => {
  const { output, code } = await count(GOOD, 124)
  expect(output).toMatch(/exit code 124.*\n7 passed, 1 failed\n$/)
  expect(code).toBe(1)
})

test('a run without any test has failed', async () => {
  const { output, code } = await count(null, 2)
  expect(output).toMatch(/no test has run\n.*\n0 passed, 1 failed\n$/)
  expect(code).toBe(1)
})

test('skipped tests are reported', async () => {
  const { output } = await count({ ...GOOD, numPendingTests: 1 }, 0)
  expect(output).toBe('1 skipped\n7 passed, 0 failed\n')
})

function count(results: unknown, exitCode: number): Promise<{ output: string; code: number }> {
  const file = join(folder, 'results.json')
  if (results !== null) writeFileSync(file, JSON.stringify(results))
  const script = join(import.meta.dirname, '../scripts/count-tests.mjs')
  return new Promise((resolve) => {
    execFile(process.execPath, [script, file, String(exitCode)], (error, output) =>
      resolve({ output, code: Number(error?.code ?? 0) }),
    )
  })
}
