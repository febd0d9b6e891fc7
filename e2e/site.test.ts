/** Tests the lab without an installation in a real browser, from a folder of a web server. */
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ForkDialog } from './support/fork-dialog.ts'
import { LabPage } from './support/lab-page.ts'
import { share } from './support/share.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { buildSite, ONE_FILE_URL, openSite, type SiteServer, serveSite } from './support/site.ts'
import { holdLessons, repeatByLink, seesWhatItIs, walkThroughSite } from './support/site-journeys.ts'

let browser: Browser
beforeAll(async () => {
  await buildSite()
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function serve(): Promise<SiteServer> {
  const server = await serveSite()
  onTestFinished(() => server.stop())
  return server
}

/** Runs in the page. Returns whether the next version has taken the place of the first one. */
async function followed(): Promise<boolean> {
  const { installing, waiting } = (await navigator.serviceWorker.getRegistration()) ?? {}
  return installing === null && waiting === null && (await caches.keys()).some((name) => name.endsWith(' next'))
}

test("offline it takes the report's walkthrough and a lesson, and it follows a changed site", async () => {
  const server = await serve()
  const lab = await LabPage.open(browser, server.url)
  onTestFinished(() => lab.close())
  const { page } = lab
  const reload = async () => {
    await page.reload()
    await lab.node(0).waitFor()
  }
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  server.stop()
  await reload()
  await seesWhatItIs(lab)
  await walkThroughSite(lab)
  await holdLessons(lab, 0, 1)

  await server.begin()
  const version = await page.evaluate(async () => (await caches.keys())[0]?.split(' ').at(-1) ?? 'none')
  server.change((text) => text.replaceAll(version, 'next').replace('<title>', '<title>New '))
  await reload()
  expect(await page.title()).toBe('New Rumorscope')
  await expect.poll(() => page.evaluate(followed)).toBe(true)
  server.stop()
  await reload()
  expect(await page.title()).toBe('New Rumorscope')
})

test('the speed is that of the clock, a pause stops it, and a link repeats the run', async () => {
  const { url } = await serve()
  const open = async (to: string) => {
    const page = await openSite(browser, to)
    onTestFinished(() => page.close())
    return page
  }
  await repeatByLink(await open(url), open)
})

test('a simulation is forked, too', async () => {
  const { url } = await serve()
  const page = await openSite(browser, url)
  onTestFinished(() => page.close())
  await page.type('0 msg 1 hello')
  await page.seesNode(3, /1 of 1/)
  await page.press(1, 'Crash')
  await page.seesNode(1, /crashed/)
  await page.type('0 msg 2 again')
  // Time in which the message would have spread without the crash.
  await page.type('sleep 2s')
  await page.page.getByText(/^stopped at/).waitFor()
  const fork = new ForkDialog(page)
  await fork.open()
  await fork.choose('Undo 1 crash')
  expect(await fork.firstDifference()).toMatch(/^First difference at .* Without 1 crash: /)
  await fork
    .run(/^Without 1 crash/)
    .getByText(/all nodes have all/)
    .waitFor()
  expect(page.errors).toEqual([])
})

test.each(['a folder', 'one file'])(
  'a web page saved from %s shows what happened; from one file it goes on',
  async (place) => {
    const isOneFile = place === 'one file'
    const page = await openSite(browser, isOneFile ? ONE_FILE_URL : (await serve()).url)
    onTestFinished(() => page.close())
    await page.type('0 msg 1 hello')
    await page.seesNode(3, /1 of 1/)
    await page.press(1, 'Crash')
    await page.seesNode(1, /crashed/)
    const saved = await openSite(browser, pathToFileURL(await share(page, 'Web page')).href)
    onTestFinished(() => saved.close())
    await saved.page.getByText(/^Recording of/).waitFor()
    await saved.seesNode(1, /crashed/)
    const goOn = saved.page.getByRole('button', { name: 'Continue in simulation' })
    expect(await goOn.count()).toBe(isOneFile ? 1 : 0)
    if (isOneFile) {
      await goOn.click()
      await saved.press(1, 'Restart')
      await saved.seesNode(1, /1 of 1/)
    }
    expect(page.errors.concat(saved.errors)).toEqual([])
  },
)

test('a thousand nodes: a message reaches all, and a node is chosen by its number and crashes', async () => {
  const page = await openSite(browser, ONE_FILE_URL)
  onTestFinished(() => page.close())
  const { page: view } = page
  await page.type('network 1000 small-world')
  await view.getByText('1,000 of 1,000 nodes running').waitFor()
  await page.type('0 msg 1 hello')
  await view.getByText('1,000 have the newest message').waitFor()
  await view.getByRole('button', { name: /hello 1,000 of 1,000$/ }).waitFor()
  await view.getByRole('spinbutton', { name: 'Node' }).fill('700')
  await page.press(700, 'Crash')
  await view.getByText('999 of 1,000 nodes running').waitFor()
  expect(page.errors).toEqual([])
})
