import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ensureRuntimeDirectory, ownFolder } from '../platform/runtime/directory.ts'

/** A runtime folder of the test's own; `environment` makes processes use it. */
export async function runtimeOfTest(): Promise<string> {
  return ensureRuntimeDirectory(ownFolder(await folderOfTest()))
}

/** Makes a folder that is removed with the test. */
export async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rs-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
