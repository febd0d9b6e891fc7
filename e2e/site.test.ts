/** Tests the lab without an installation in a real browser, from a folder of a web server. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished, test } from 'vitest'
import type { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { buildSite, openSite, serveSite } from './support/site.ts'
import { holdLessons, repeatByLink, seesWhatItIs, walkThroughSite } from './support/site-journeys.ts'

let browser: Browser
let server: Awaited<ReturnType<typeof serveSite>>
beforeAll(async () => {
  await buildSite()
  browser = await sharedBrowser()
  server = await serveSite()
})
afterAll(async () => {
  server.close()
  await browser.close()
})

async function open(url = server.url): Promise<LabPage> {
  const page = await openSite(browser, url)
  onTestFinished(() => page.close())
  return page
}

test("it says that it is simulated, and takes the report's walkthrough and a lesson", async () => {
  const page = await open()
  await seesWhatItIs(page)
  await walkThroughSite(page)
  await holdLessons(page, 0, 1)
})

test('the speed is that of the clock, a pause stops it, and a link repeats the run', async () => {
  await repeatByLink(await open(), open)
})
