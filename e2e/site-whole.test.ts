/** Tests all of the lab without an installation in a real browser, from a folder of a web server and from one file. */
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { buildSite, ONE_FILE, ONE_FILE_URL, openSite, type SiteServer, serveSite } from './support/site.ts'
import { holdLessons, repeatByLink, seesWhatItIs, walkThroughSite } from './support/site-journeys.ts'
import { takeTour } from './support/tour.ts'

let browser: Browser
let server: SiteServer
beforeAll(async () => {
  await buildSite()
  browser = await sharedBrowser()
  server = await serveSite()
})
afterAll(async () => {
  server.stop()
  await browser.close()
})

async function open(url: string): Promise<LabPage> {
  const page = await openSite(browser, url)
  onTestFinished(() => page.close())
  return page
}

const PLACES = [
  { place: 'a folder of a web server', urlOf: () => server.url },
  { place: 'one file', urlOf: () => ONE_FILE_URL },
]

describe.each(PLACES)('from $place', ({ urlOf }) => {
  test('the five minutes of the README', async () => {
    const page = await open(urlOf())
    await page.page.getByRole('button', { name: /^Projector/ }).click()
    await takeTour(page, async () => {})
    expect(page.errors).toEqual([])
  })

  test('every lesson comes out as it says', async () => {
    await holdLessons(await open(urlOf()))
  })
})

// site.test.ts does the same in a folder.
describe('from one file', () => {
  test("it says that it is simulated, and takes the report's walkthrough", async () => {
    const page = await open(ONE_FILE_URL)
    await seesWhatItIs(page)
    await walkThroughSite(page)
  })

  test('the speed is that of the clock, a pause stops it, and a link repeats the run', async () => {
    await repeatByLink(await open(ONE_FILE_URL), open)
  })

  test('it is at most 600 kB, compressed', async () => {
    expect((await promisify(gzip)(await readFile(ONE_FILE), { level: 9 })).length).toBeLessThanOrEqual(600_000)
  })
})
