/**
 * Finds a browser for the tests. An existing one is used; otherwise one is installed; if that fails too, the tests fail
 * and say how to install one. They never pass without a browser.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from 'playwright-core'
import { packagedBrowser } from './packaged-browser.ts'

const INSTALL_LIMIT_MS = 5 * 60_000

/** The environment that determines the browser: `process`, or one that a test passes. */
export interface Machine extends Pick<NodeJS.Process, 'platform' | 'arch' | 'env'> {
  exists?(path: string): boolean
}

/** One candidate: its options are prepared when its turn comes, because some must be installed first. */
export interface Way {
  readonly name: string
  options(): Promise<LaunchOptions>
}

const ARGUMENTS = launchArguments(process.getuid?.() === 0)

/** Headless by default. The caller closes it. */
export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const args = [...ARGUMENTS, ...(options.args ?? [])]
  return launchAny((found) => chromium.launch({ ...found, ...options, args }))
}

/** A headless browser that several processes connect to. The caller closes it. */
export function launchBrowserServer(): Promise<BrowserServer> {
  return launchAny((found) => chromium.launchServer({ ...found, args: ARGUMENTS }))
}

const launchAny = <T>(launch: (options: LaunchOptions) => Promise<T>): Promise<T> =>
  launchFirst(waysToABrowser(process), launch)

/** Tries the candidates in order; past the last one, reports each attempt. */
export async function launchFirst<T>(ways: readonly Way[], launch: (options: LaunchOptions) => Promise<T>): Promise<T> {
  const failures: string[] = []
  for (const way of ways) {
    try {
      return await launch(await way.options())
    } catch (error) {
      failures.push(`  ${way.name}: ${reason(error)}`)
    }
  }
  throw new Error(
    [
      'No browser could be started:',
      ...failures,
      'Install one, for example with `sudo apt-get install chromium` (Debian), `brew install --cask google-chrome` (macOS),',
      '`winget install Google.Chrome` (Windows), or set CHROME_PATH to the program file of Chromium, Chrome or Edge.',
    ].join('\n'),
  )
}

export function launchArguments(isRoot: boolean): string[] {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  // Chromium refuses to run as root with its sandbox.
  return isRoot ? ['--no-sandbox', ...quiet] : quiet
}

/** Chromium on the PATH. The shell without windows comes first, because it takes a third less processor time. */
const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser']
/** Chrome and Edge, which playwright finds on every system. */
const CHANNELS = ['chrome', 'msedge']

export function waysToABrowser({ platform, arch, env, exists = existsSync }: Machine): Way[] {
  const way = (name: string, options: LaunchOptions): Way => ({ name, options: async () => options })
  // A person who names a browser wants that one or an error.
  if (env.CHROME_PATH) return [way('CHROME_PATH', { executablePath: env.CHROME_PATH })]
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const paths = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).filter(exists)
  const isPackaged = platform === 'linux' && arch === 'x64'
  return [
    way('playwright', {}),
    ...paths.map((executablePath) => way(executablePath, { executablePath })),
    ...CHANNELS.map((channel) => way(channel, { channel })),
    ...(isPackaged ? [{ name: 'a browser in an npm package', options: () => packagedBrowser(INSTALL_LIMIT_MS) }] : []),
    { name: 'npx playwright-core install chromium-headless-shell', options: installPlaywrights },
  ]
}

async function installPlaywrights(): Promise<LaunchOptions> {
  const cli = join(import.meta.dirname, '../../node_modules/playwright-core/cli.js')
  await promisify(execFile)(process.execPath, [cli, 'install', 'chromium-headless-shell'], {
    timeout: INSTALL_LIMIT_MS,
  })
  // Without a path playwright starts the one that it has just installed.
  return {}
}

/** The first informative line; playwright appends the browser's whole log. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? message
}
