/** Runs before the first of these tests: builds the programs, if a source has changed since. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PREPARE = join(import.meta.dirname, '../../scripts/prepare.cjs')

export default async function build(): Promise<void> {
  try {
    // Vitest sets NODE_ENV=test, with which the build would use development packages.
    const env = { ...process.env, NODE_ENV: 'production' }
    await promisify(execFile)(process.execPath, [PREPARE, '--build-only'], { env })
  } catch (error) {
    throw new Error(`there is nothing to test:\n${(error as { stderr?: string }).stderr ?? error}`)
  }
}
