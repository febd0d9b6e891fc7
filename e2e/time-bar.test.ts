/** Tests that the time bar does not move under the pointer: a click shows the instant at its position. */
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { settled } from './support/settled.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
let lab: TestLab
beforeAll(async () => {
  browser = await sharedBrowser()
  lab = await startLab({ nodes: 4, linkDelayMs: 20 })
  for (const line of ['0 msg 1 Lexi', '1 crash', '0 msg 2 network', `1 start 4 ${lab.basePort + 1}`])
    await lab.command(line)
  await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === 2))
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})

const SCREENS = {
  'a small projector': { viewport: { width: 1280, height: 720 } },
  'a large screen': { viewport: { width: 1920, height: 1080 } },
  'a tablet': { viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true },
  'a phone': { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
}

async function open(options: Parameters<typeof LabPage.open>[2]): Promise<LabPage> {
  const page = await LabPage.open(browser, lab.url, options)
  onTestFinished(() => page.close())
  await page.seesNode(3, /running/)
  return page
}

const timeBar = ({ page }: LabPage) => page.getByRole('region', { name: 'Time', exact: true })
const slider = ({ page }: LabPage): Locator => page.getByRole('slider', { name: 'Instant shown' })
const button = ({ page }: LabPage, name: string) => page.getByRole('button', { name, exact: true })

/** Positions of everything on the bar that can always be clicked. */
async function boxesOf(page: LabPage) {
  const parts = { bar: timeBar(page), slider: slider(page), back: button(page, 'Previous event') }
  const boxes = Object.entries(parts).map(async ([name, part]) => [name, await part.boundingBox()] as const)
  return Object.fromEntries(await Promise.all(boxes))
}

test.each(Object.entries(SCREENS))('on %s the bar keeps its position, whatever its text', async (_, screen) => {
  const page = await open(screen)
  const live = await settled(() => boxesOf(page))
  await page.page.keyboard.press('.')
  await button(page, 'Go live').waitFor()
  await expect.poll(() => boxesOf(page)).toEqual(live)
  await lab.command('2 msg 1 more')
  await timeBar(page)
    .getByText(/behind$/)
    .waitFor()
  await expect.poll(() => boxesOf(page)).toEqual(live)
  // After three days and a busy hour.
  await timeBar(page).evaluate((bar) => {
    for (const [selector, words] of [
      ['strong', '259200.123 s'],
      ['strong + span', '199,999 events behind'],
    ] as const) {
      const place = bar.querySelector(selector)
      if (!place) throw new Error(`there is no ${selector}`)
      place.textContent = words
    }
  })
  await expect.poll(() => boxesOf(page)).toEqual(live)
  await page.page.reload()
  await page.seesNode(3, /running/)
  // Slow motion waits for the next event.
  await page.page.keyboard.press('[')
  await button(page, 'Go live').waitFor()
  await expect.poll(() => boxesOf(page)).toEqual(live)
})

/** Position of the line of the instant on screen, in px of the page. */
const playheadAt = (page: LabPage) =>
  slider(page).evaluate((input) => {
    const canvas = input.parentElement?.querySelector('canvas')
    const context = canvas?.getContext('2d')
    if (!canvas || !context) throw new Error('there is no picture of the past')
    const probe = document.createElement('canvas').getContext('2d')
    if (!probe) throw new Error('there is no canvas')
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue('--accent')
    probe.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data
    const scale = canvas.width / canvas.getBoundingClientRect().width
    const { data } = context.getImageData(0, 18 * scale, canvas.width, 1)
    const isAccent = (x: number) =>
      Math.abs((data[4 * x] ?? 0) - red) +
        Math.abs((data[4 * x + 1] ?? 0) - green) +
        Math.abs((data[4 * x + 2] ?? 0) - blue) <
        12 && (data[4 * x + 3] ?? 0) > 100
    const columns = Array.from({ length: canvas.width }, (_, x) => x).filter(isAccent)
    const middle = columns.reduce((sum, x) => sum + x + 0.5, 0) / columns.length
    return canvas.getBoundingClientRect().left + middle / scale
  })

test('the sliders of time are read out with their units in full', async () => {
  const page = await open({})
  await page.page.keyboard.press('.')
  await button(page, 'Go live').waitFor()
  const read = (of: Locator) => of.getAttribute('aria-valuetext')
  await expect.poll(() => read(slider(page))).toMatch(/^\d[\d.]* seconds?$/)
  await page.page.keyboard.press('[')
  await expect
    .poll(() => read(page.page.getByRole('slider', { name: 'Speed of the view' })))
    .toMatch(/^1\/2, 500 milliseconds per second$/)
})

test.each(Object.entries(SCREENS))(
  'on %s the words of a mark at the end of the bar stay within the page',
  async (_, screen) => {
    const page = await open(screen)
    const box = await settled(() => slider(page).boundingBox())
    if (!box) throw new Error('there is no bar of time')
    // Landmarks of four kinds in a moment: the longest words of a mark.
    for (const line of ['3 crash', '0 msg 1 Lexi', `3 start 4 ${lab.basePort + 3}`, '1 msg 1 network'])
      await lab.command(line)
    await lab.waitFor(({ nodes }) => new Set(nodes.map(({ messages }) => messages)).size === 1)
    const widest = await page.page.evaluate(
      async ([left = 0, y = 0, width = 0]) => {
        const bar = document.elementFromPoint(left + 1, y)
        const widths: number[] = []
        for (let x = left + width - 60; x < left + width; x += 6) {
          bar?.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true }))
          await new Promise(requestAnimationFrame)
          widths.push(document.documentElement.scrollWidth)
        }
        return Math.max(...widths)
      },
      [box.x, box.y + box.height / 2, box.width],
    )
    expect(widest).toBe(screen.viewport.width)
  },
)

test.each(Object.entries(SCREENS))('on %s a click on the bar shows the instant at its position', async (_, screen) => {
  const page = await open(screen)
  const { mouse } = page.page
  const box = await settled(() => slider(page).boundingBox())
  if (!box) throw new Error('there is no bar of time')
  const y = box.y + box.height / 2
  const sees = (x: number) => expect.poll(async () => Math.abs((await playheadAt(page)) - x)).toBeLessThanOrEqual(2)
  for (const share of [0.95, 0.6, 0.2, 0.8]) {
    // The first one stops the live view, the others find it paused.
    const x = Math.round(box.x + share * box.width)
    await mouse.click(x, y)
    await sees(x)
    // Many events happen behind, and the pointer stays in place.
    await lab.command(`${Math.round(share * 10) % 4} msg 1 busy`)
    await lab.waitFor(({ inFlight, last }) => last > 0 && Object.keys(inFlight).length === 0)
    await timeBar(page)
      .getByText(/behind$/)
      .waitFor()
    await sees(x)
  }
  // A drag is followed.
  await mouse.down()
  const x = Math.round(box.x + 0.4 * box.width)
  await mouse.move(x, y, { steps: 5 })
  await sees(x)
  await mouse.up()
  await sees(x)
  await button(page, 'Go live').click()
  await button(page, 'Pause the view').waitFor()
  expect(page.errors).toEqual([])
})
