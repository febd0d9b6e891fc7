/** Tests space-time in a real browser: zoom, and a chosen span, by mouse, by button and by key. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

const diagram = ({ page }: LabPage) => page.getByRole('img', { name: /^Space-time diagram/ })

/** Length of the past that it claims to show, in ms. */
async function shownOf(page: LabPage): Promise<number> {
  const [, number, unit] = /last ([\d.]+) (ms|s)/.exec((await diagram(page).getAttribute('aria-label')) ?? '') ?? []
  return Number(number) * (unit === 's' ? 1_000 : 1)
}

test('wheel and keys zoom, a drag chooses a span, and the span fills the diagram', async () => {
  const lab = await startLab({ nodes: 3, linkDelayMs: 20 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.say(0, 'hello')
  await page.seesNode(2, /1 of 1/)
  const { mouse, keyboard } = page.page

  const before = await shownOf(page)
  await page.node(0).focus()
  await keyboard.press('-')
  await expect.poll(() => shownOf(page)).toBeGreaterThan(before)
  const box = await diagram(page).boundingBox()
  if (!box) throw new Error('no diagram')
  const [x, top] = [box.x + box.width / 2, box.y + 10]
  await mouse.move(x, top)
  await mouse.wheel(0, -400)
  await expect.poll(() => shownOf(page)).toBeLessThan(before)

  // The diagram then shows nothing from before the network: a view from before it has no selection.
  await expect
    .poll(async () => Number(await page.page.getByRole('slider', { name: 'Instant shown' }).inputValue()))
    .toBeGreaterThan(2_000 + (await shownOf(page)))
  // A button selects everything visible; a drag selects a part of it.
  await page.page.getByRole('button', { name: 'Choose all that is shown' }).click()
  const chosen = page.page.getByRole('status').filter({ hasText: /\d+ datagrams?/ })
  const all = await chosen.textContent()
  await mouse.move(x, top)
  await mouse.down()
  await mouse.move(x, top + 15, { steps: 3 })
  await mouse.move(x, top + 40, { steps: 3 })
  await mouse.up()
  await expect.poll(() => chosen.textContent()).not.toBe(all)
  const wide = await shownOf(page)
  await chosen.getByRole('button', { name: 'Zoom in' }).click()
  await expect.poll(() => shownOf(page)).toBeLessThan(wide)
  await page.page.getByRole('button', { name: 'Go live' }).waitFor()
  await chosen.getByRole('button', { name: 'Clear the selection' }).click()
  await chosen.waitFor({ state: 'hidden' })
  expect(page.errors).toEqual([])
})

const SCREENS = [
  [1280, 720],
  [1920, 1080],
  [768, 1024],
  [360, 740],
] as const

test('zoom buttons are visible and clickable on every screen while the console is open', async () => {
  const lab = await startLab({ nodes: 4, linkDelayMs: 20 })
  onTestFinished(() => lab.stop())
  for (const [width, height] of SCREENS) {
    const touched = width < 1000
    const page = await LabPage.open(browser, lab.url, { viewport: { width, height }, hasTouch: touched })
    onTestFinished(() => page.close())
    await page.openConsole()
    for (const name of ['Zoom in', 'Zoom out', 'Choose all that is shown']) {
      const button = page.page.getByRole('button', { name, exact: true })
      // A projector shows it at once; a page that scrolls can be scrolled until nothing covers it.
      if (touched) await button.evaluate((element) => element.scrollIntoView({ block: 'center' }))
      await expect.poll(() => button.evaluate(isWholeInSight), { message: `${name} at ${width}` }).toBe(true)
    }
    if (!touched) continue
    // Nor is the end of the page behind its foot.
    await page.page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    const last = page.page.locator('aside p').last()
    await expect.poll(() => last.evaluate(isWholeInSight), { message: `the end at ${width}` }).toBe(true)
  }
})

/** Nothing covers its middle or its edges. In the browser. */
function isWholeInSight(element: Element): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect()
  const middle = [(left + right) / 2, (top + bottom) / 2] as const
  const points = [middle, [middle[0], top + 2], [middle[0], bottom - 2]] as const
  return points.every(([x, y]) => element.contains(document.elementFromPoint(x, y)))
}

test('space-time is a table too, which is kept up to date and leads to the datagrams', async () => {
  const lab = await startLab({ nodes: 3, linkDelayMs: 20 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const view = page.page
  await view.getByRole('button', { name: 'Show as a table' }).click()
  const table = view.getByRole('region', { name: 'Space-time table' }).getByRole('table')
  await table.waitFor()
  await diagram(page).waitFor({ state: 'detached' })
  await page.say(0, 'hello')
  await page.seesNode(2, /1 of 1/)
  await view.keyboard.press('Escape')
  await view.keyboard.press('.')
  await view.getByRole('button', { name: 'Go live' }).waitFor()
  const rowOf = (name: RegExp) => table.getByRole('row', { name }).first()
  await rowOf(/node 0 gets “hello”/).waitFor()
  await rowOf(/rumor “hello” node 0 node 1 received after/).waitFor()
  await expect.poll(() => table.getByRole('caption').textContent()).toMatch(/^\d+ datagrams in the 3 s until [\d.]+ s$/)
  await rowOf(/rumor “hello” node 1 node 2/)
    .getByRole('button')
    .click()
  await view.getByRole('region', { name: 'Datagram' }).getByText('rumor “hello”, node 1 to node 2').waitFor()
  await view.getByRole('button', { name: 'Show as a table' }).click()
  await diagram(page).waitFor()
  expect(page.errors).toEqual([])
})
