/** Tests `bin/rumorscope run`, as typed by a person. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

test('rumorscope run prints the output of proxy.py, from any folder', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'rs-'))
  onTestFinished(() => rm(elsewhere, { recursive: true, force: true }))
  const program = join(ROOT, 'bin/rumorscope')
  const { stdout } = await promisify(execFile)(program, ['run', join(ROOT, 'examples/walkthrough.input')], {
    cwd: elsewhere,
    env: { ...process.env, RUMORSCOPE_RUNTIME: elsewhere },
  })
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(8)
  expect(lines.at(-1)).toBe('Lexi,Sophie,hello,bye,my528,sw2298,heyhey,farewell,network')
})
