/** The page's first load: its size, and that it needs nothing from outside. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

test('it loads at most 250 kB, compressed, and no request leaves the machine', async () => {
  const lab = await startLab()
  onTestFinished(() => lab.stop())
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  const hosts = new Set<string>()
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host))
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const scripts: (string | null)[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.headers()['content-encoding'] ?? null)
  })
  await page.goto(lab.url, { waitUntil: 'networkidle' })
  await page.getByRole('button', { name: /^Node 0,/ }).waitFor()
  expect([...hosts]).toEqual([new URL(lab.url).host])
  expect(new Set(scripts)).toEqual(new Set(['br']))
  expect(bytes).toBeLessThanOrEqual(250_000)
})
