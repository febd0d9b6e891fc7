import type { LaunchOptions } from 'playwright-core'
import { expect, test } from 'vitest'
import { launchArguments, launchBrowser, launchFirst, type Machine, waysToABrowser } from './browser.ts'

const PLAYWRIGHTS = '/cache/chrome'
const PACKAGED = 'a browser in an npm package'
const PLAYWRIGHT_INSTALL = 'npx playwright-core install chromium-headless-shell'

function machine(files: readonly string[], more: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    arch: 'x64',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/ada',
    isRoot: false,
    exists: (path) => files.includes(path),
    ...more,
  }
}

function names(from: Machine): string[] {
  return waysToABrowser(from, PLAYWRIGHTS).map((way) => way.name)
}

test('the browser that CHROME_PATH names is taken, and no other', async () => {
  const wished = machine([PLAYWRIGHTS, '/usr/bin/chromium'], { env: { CHROME_PATH: '/opt/mine', PATH: '/usr/bin' } })
  const ways = waysToABrowser(wished, PLAYWRIGHTS)
  expect(ways).toHaveLength(1)
  expect(await ways[0]?.options()).toEqual({ executablePath: '/opt/mine' })
})

test("playwright's own browser comes before the system's", () => {
  expect(names(machine(['/usr/bin/chromium', PLAYWRIGHTS])).slice(0, 2)).toEqual([PLAYWRIGHTS, '/usr/bin/chromium'])
})

test('the shell of chromium comes before chromium, chrome and edge, wherever on the path they are', () => {
  const all = ['/usr/local/bin/microsoft-edge', '/usr/local/bin/google-chrome', '/usr/bin/chromium-browser']
  expect(names(machine([...all, '/usr/bin/chromium', '/usr/bin/chromium-headless-shell'])).slice(0, 5)).toEqual([
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/local/bin/google-chrome',
    '/usr/local/bin/microsoft-edge',
  ])
})

test('macOS and Windows browsers are found where they usually are', () => {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  expect(names(machine([mac], { platform: 'darwin', arch: 'arm64' }))[0]).toBe(mac)
  const own = '/home/ada/Applications/Chromium.app/Contents/MacOS/Chromium'
  expect(names(machine([own], { platform: 'darwin', arch: 'arm64' }))[0]).toBe(own)
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
  const env = { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }
  expect(names(machine([edge], { platform: 'win32', env }))[0]).toBe(edge)
})

test('where there is none, one is installed: through npm on x64 Linux, else by playwright', () => {
  expect(names(machine([]))).toEqual([PACKAGED, PLAYWRIGHT_INSTALL])
  expect(names(machine([], { arch: 'arm64' }))).toEqual([PLAYWRIGHT_INSTALL])
  expect(names(machine([], { platform: 'darwin' }))).toEqual([PLAYWRIGHT_INSTALL])
})

test('a browser that does not start gives way to the next, which is not prepared before', async () => {
  const prepared: string[] = []
  const way = (name: string) => ({
    name,
    options: async (): Promise<LaunchOptions> => {
      prepared.push(name)
      return { executablePath: name }
    },
  })
  const launched = await launchFirst([way('stub'), way('good'), way('never')], async ({ executablePath }) => {
    if (executablePath === 'stub') throw new Error('a stub that only tells what to install')
    return executablePath
  })
  expect(launched).toBe('good')
  expect(prepared).toEqual(['stub', 'good'])
})

test('without any browser it fails, tells what was tried, and how to install one', async () => {
  const ways = [{ name: 'one', options: () => Promise.reject(new Error('no network\nand a long log')) }]
  const failing = launchFirst(ways, async () => undefined)
  await expect(failing).rejects.toThrow(/one: no network\n.*apt-get install chromium/s)
  await expect(failing).rejects.not.toThrow('long log')
})

test('only root goes without the sandbox, and nobody lets the browser talk to its maker', () => {
  expect(launchArguments(machine([], { isRoot: true }))).toContain('--no-sandbox')
  expect(launchArguments(machine([]))).toEqual([
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ])
})

test('a real browser starts here and shows a page', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.setContent('<title>Rumors</title><p>heard</p>')
    expect(await page.title()).toBe('Rumors')
    expect(await page.locator('p').textContent()).toBe('heard')
  } finally {
    await browser.close()
  }
})
