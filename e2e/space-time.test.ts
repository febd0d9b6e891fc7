/** Space-time in a real browser: closer, further, and a span of it chosen, by mouse, by button and by key. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startLab } from './support/lab.ts'
import { LabPage } from './support/lab-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const diagram = ({ page }: LabPage) => page.getByRole('img', { name: /^Space-time diagram/ })

/** How much of the past it says that it shows, in ms. */
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

  // All that is shown is chosen by button; a part of it by dragging over it.
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
  await chosen.getByRole('button', { name: 'Choose nothing' }).click()
  await chosen.waitFor({ state: 'hidden' })
  expect(page.errors).toEqual([])
})
