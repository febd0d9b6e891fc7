import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runtimeOfTest } from '../test-support/runtime.ts'
import { ensureRuntimeDirectory, runtimeDirectory } from './directory.ts'

test('RUMORSCOPE_RUNTIME names the directory, else it is one of the user', () => {
  expect(runtimeDirectory({ RUMORSCOPE_RUNTIME: '/here', XDG_RUNTIME_DIR: '/run' })).toBe('/here')
  expect(runtimeDirectory({ XDG_RUNTIME_DIR: '/run' })).toBe(`/run/rumorscope-${process.getuid?.()}`)
  expect(runtimeDirectory({})).toContain(`rumorscope-${process.getuid?.()}`)
})

test('it is made for its user only, and closed when it was open', async () => {
  const directory = join(await runtimeOfTest(), 'a', 'b')
  ensureRuntimeDirectory(directory)
  chmodSync(directory, 0o777)
  ensureRuntimeDirectory(directory)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
})
