import type { LaunchOptions } from 'playwright-core'
import { expect, test } from 'vitest'
import { launchArguments, launchBrowser, launchFirst, type Machine, waysToABrowser } from './browser.ts'

const PACKAGED = 'a browser in an npm package'
const PLAYWRIGHT_INSTALL = 'npx playwright-core install chromium-headless-shell'
const INSTALLED = ['chrome', 'msedge']

function machine(files: readonly string[], more: Partial<Machine> = {}): Machine {
  const exists = (path: string) => files.includes(path)
  return { platform: 'linux', arch: 'x64', env: { PATH: '/usr/local/bin:/usr/bin' }, exists, ...more }
}

const names = (from: Machine): string[] => waysToABrowser(from).map((way) => way.name)

test('the browser that CHROME_PATH names is used, and no other', async () => {
  const wished = machine(['/usr/bin/chromium'], { env: { CHROME_PATH: '/opt/mine', PATH: '/usr/bin' } })
  const ways = waysToABrowser(wished)
  expect(ways).toHaveLength(1)
  expect(await ways[0]?.options()).toEqual({ executablePath: '/opt/mine' })
})

test("playwright's own browser comes before the system's, the shell of chromium before chromium, chrome and edge", () => {
  const all = ['/usr/local/bin/chromium-browser', '/usr/bin/chromium', '/usr/bin/chromium-headless-shell']
  expect(names(machine(all)).slice(0, 6)).toEqual([
    'playwright',
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/local/bin/chromium-browser',
    ...INSTALLED,
  ])
})

test('without a browser, one is installed: through npm on x64 Linux, else by playwright', () => {
  const tried = (more: Partial<Machine>) => names(machine([], more)).filter((name) => !INSTALLED.includes(name))
  expect(tried({})).toEqual(['playwright', PACKAGED, PLAYWRIGHT_INSTALL])
  expect(tried({ arch: 'arm64' })).toEqual(['playwright', PLAYWRIGHT_INSTALL])
  expect(tried({ platform: 'darwin' })).toEqual(['playwright', PLAYWRIGHT_INSTALL])
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

test('without any browser it fails, lists the attempts, and says how to install one', async () => {
  const ways = [{ name: 'one', options: () => Promise.reject(new Error('no network\nand a long log')) }]
  const failing = launchFirst(ways, async () => undefined)
  await expect(failing).rejects.toThrow(/one: no network\n.*apt-get install chromium/s)
  await expect(failing).rejects.not.toThrow('long log')
})

test('only root runs without the sandbox, and the browser never contacts its vendor', () => {
  expect(launchArguments(true)).toContain('--no-sandbox')
  expect(launchArguments(false)).toEqual([
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
