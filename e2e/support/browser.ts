/**
 * A browser for the tests, wherever they run. One that is there is taken; where none is, one is installed; where that
 * fails too, the tests fail and say how to install one. They never pass because nothing could be looked at.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from 'playwright-core'
import { packagedBrowser } from './packaged-browser.ts'

const INSTALL_LIMIT_MS = 5 * 60_000

/** What decides which browser is taken: a test passes its own. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly isRoot: boolean
  exists(path: string): boolean
}

/** One thing to try: its options are asked for when its turn comes, because some have to be installed first. */
export interface Way {
  readonly name: string
  options(): Promise<LaunchOptions>
}

const thisMachine: Machine = {
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  home: homedir(),
  isRoot: process.getuid?.() === 0,
  exists: existsSync,
}

/** Headless, unless the options say otherwise. The caller closes it. */
export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const args = [...launchArguments(thisMachine), ...(options.args ?? [])]
  return launchAny((found) => chromium.launch({ ...found, ...options, args }))
}

/** A headless browser that several processes connect to. The caller closes it. */
export function launchBrowserServer(): Promise<BrowserServer> {
  return launchAny((found) => chromium.launchServer({ ...found, args: launchArguments(thisMachine) }))
}

const launchAny = <T>(launch: (options: LaunchOptions) => Promise<T>): Promise<T> =>
  launchFirst(waysToABrowser(thisMachine, chromium.executablePath()), launch)

/** Tries one way after the other; past the last one, tells what came of each. */
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
      'Install one, for example with `sudo apt-get install chromium` (Debian), `brew install --cask chromium` (macOS),',
      '`winget install Google.Chrome` (Windows), or set CHROME_PATH to the program file of Chromium, Chrome or Edge.',
    ].join('\n'),
  )
}

export function launchArguments(machine: Machine): string[] {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  // Chromium refuses to run as root with its sandbox.
  return machine.isRoot ? ['--no-sandbox', ...quiet] : quiet
}

export function waysToABrowser(machine: Machine, playwrightsOwn: string): Way[] {
  const wished = machine.env.CHROME_PATH
  // Whoever names a browser wants that one or an error.
  if (wished) return [{ name: 'CHROME_PATH', options: async () => ({ executablePath: wished }) }]
  const installed = [playwrightsOwn, ...systemBrowsers(machine)].filter((path) => path && machine.exists(path))
  const ways: Way[] = installed.map((path) => ({ name: path, options: async () => ({ executablePath: path }) }))
  if (machine.platform === 'linux' && machine.arch === 'x64') {
    ways.push({ name: 'a browser in an npm package', options: () => packagedBrowser(INSTALL_LIMIT_MS) })
  }
  ways.push({ name: 'npx playwright-core install chromium-headless-shell', options: installPlaywrights })
  return ways
}

/**
 * Where Chromium, Chrome and Edge usually are, the first choice first; not all of them exist. The shell without windows
 * comes first, because it takes a third less time of the processor.
 */
function systemBrowsers(machine: Machine): string[] {
  const { env } = machine
  if (machine.platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(isSet)
    const programs = [
      'Chromium\\Application\\chrome.exe',
      'Google\\Chrome\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ]
    return programs.flatMap((program) => folders.map((folder) => win32.join(folder, program)))
  }
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
  ]
  const folders = (env.PATH ?? '').split(':').filter(isSet)
  const onPath = names.flatMap((name) => folders.map((folder) => posix.join(folder, name)))
  if (machine.platform !== 'darwin') return onPath
  const applications = ['Chromium', 'Google Chrome', 'Microsoft Edge'].flatMap((name) =>
    ['/Applications', posix.join(machine.home, 'Applications')].map((folder) =>
      posix.join(folder, `${name}.app/Contents/MacOS/${name}`),
    ),
  )
  return [...onPath, ...applications]
}

async function installPlaywrights(): Promise<LaunchOptions> {
  const cli = posix.join(import.meta.dirname, '../../node_modules/playwright-core/cli.js')
  await promisify(execFile)(process.execPath, [cli, 'install', 'chromium-headless-shell'], {
    timeout: INSTALL_LIMIT_MS,
  })
  // Without a path playwright starts what it has just installed.
  return {}
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

/** The first line that says something; playwright appends the browser's whole log. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0] ?? message
}
