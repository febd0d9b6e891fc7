import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A runtime directory of the test's own. Its name is short: a socket's path has at most about 100 bytes. */
export async function runtimeOfTest(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rs-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
