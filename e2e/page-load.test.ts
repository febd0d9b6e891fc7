/** Tests the page's first load: its size, and that it loads nothing from outside. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

/** A word that occurs in every bundle with the schemas of events. */
const SCHEMAS = 'ZodMini'

test('a node has no schemas in it, and of the page only the part that opens files', () => {
  const bundle = (name: string) => readFileSync(join(import.meta.dirname, '../dist', name), 'utf8')
  expect(bundle('node/process.cjs')).not.toContain(SCHEMAS)
  const parts = readdirSync(join(import.meta.dirname, '../dist/web/assets')).filter((name) => name.endsWith('.js'))
  expect(parts.filter((name) => bundle(`web/assets/${name}`).includes(SCHEMAS))).toHaveLength(1)
})

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
  const texts: Promise<string>[] = []
  page.on('response', (response) => {
    if (!response.url().endsWith('.js')) return
    scripts.push(response.headers()['content-encoding'] ?? null)
    texts.push(response.text())
  })
  await page.goto(lab.url, { waitUntil: 'networkidle' })
  await page.getByRole('button', { name: /^Node 0,/ }).waitFor()
  expect([...hosts]).toEqual([new URL(lab.url).host])
  expect(new Set(scripts)).toEqual(new Set(['br']))
  expect(bytes).toBeLessThanOrEqual(250_000)
  expect((await Promise.all(texts)).join('\n')).not.toContain(SCHEMAS)
})
