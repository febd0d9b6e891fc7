/** Installs a tarball in an empty folder and uses it once. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** Time in which an installed lab must answer, in ms. */
const PATIENCE_MS = 30_000
const LAST_LINE = /,network$/

/** @throws (rejects) Error that says what did not work. */
export async function smokeTest(tarball: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rumorscope-release-'))
  try {
    const { npm_lifecycle_event: _, ...env } = process.env
    const options = { cwd: folder, env: { ...env, RUMORSCOPE_RUNTIME: folder, XDG_STATE_HOME: folder } }
    const run = promisify(execFile)
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, tarball], {
      ...options,
      shell: process.platform === 'win32',
    })
    const home = join(folder, 'node_modules/rumorscope')
    const command = [join(home, 'bin/rumorscope.cjs')]
    const walkthrough = join(home, 'examples/walkthrough.input')
    const { stdout } = await run(process.execPath, [...command, 'run', walkthrough], options)
    if (!LAST_LINE.test(stdout.trimEnd()))
      throw new Error(`the walkthrough ended with ${stdout.trimEnd().split('\n').at(-1)}`)
    await requirePage(
      [...command, '--port', '0', '--nodes', '1', '--base-port', '21900', '--root-id', '41900'],
      options,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function requirePage(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
) {
  const lab = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'], timeout: PATIENCE_MS })
  const ended = once(lab, 'exit')
  try {
    for await (const line of createInterface({ input: lab.stdout })) {
      const [, address] = /^Rumorscope is on (\S+)/.exec(line) ?? []
      if (address === undefined) continue
      const page = await fetch(address)
      if (!page.ok) throw new Error(`the page of the lab answers with ${page.status}`)
      return
    }
    throw new Error('the lab did not say where it is')
  } finally {
    lab.kill()
    await ended
  }
}
