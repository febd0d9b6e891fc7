/** Tests exports of the page: pictures to show and to print, and a page in a file of which every control works. */
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type LabOptions, startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { openShare, share } from './support/share.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { openSite } from './support/site.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function open(options: LabOptions = {}): Promise<[TestLab, LabPage]> {
  const lab = await startLab({ linkDelayMs: 20, ...options })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  return [lab, page]
}

test('the stage is saved as a picture, with its datagrams', async () => {
  const [lab, page] = await open({ linkDelayMs: 60_000 })
  await lab.command('0 msg 1 Lexi')
  await page.seesNode(0, /1 of 1/)
  const svg = await readFile(await share(page, 'SVG'), 'utf8')
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
  expect(svg).toContain('data:image/png')
  const png = await readFile(await share(page, 'PNG'))
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(page.errors).toEqual([])
})

test('a saved picture takes no text for markup', async () => {
  const [lab, page] = await open()
  await lab.command('hold on')
  await lab.command('0 msg 1 </g></svg><script>alert(1)</script><image href="x" onerror="alert(2)"/>')
  // XML forbids these, even escaped.
  await lab.command('1 msg 2 a\ufffeb')
  await page.page.locator('[aria-label*="alert(1)"]').first().waitFor({ state: 'attached' })
  await openShare(page)
  await page.page.getByLabel('Title').fill('A \u0001title')
  await page.page.getByLabel('Include the spread').check()
  const path = await share(page, 'SVG')
  expect(await readFile(path, 'utf8')).toContain('&lt;script')
  const tab = await browser.newPage()
  onTestFinished(() => tab.close())
  const trouble: string[] = []
  tab.on('dialog', (dialog) => trouble.push(dialog.message()))
  tab.on('pageerror', (error) => trouble.push(error.message))
  await tab.goto(pathToFileURL(path).href)
  // A malformed SVG is shown as an error, and a script runs before this is answered.
  expect(await tab.evaluate(() => document.documentElement.nodeName)).toBe('svg')
  expect(await tab.locator('script, foreignObject, a, [onerror]').count()).toBe(0)
  expect(trouble).toEqual([])
})

/** Distances of the drawing from the edges of a picture, in px of the page. */
async function marginsOf(page: Page, png: Buffer): Promise<number[]> {
  return page.evaluate(
    async (url) => {
      const image = new Image()
      image.src = url
      await image.decode()
      const canvas = document.createElement('canvas')
      Object.assign(canvas, { width: image.width, height: image.height })
      const context = canvas.getContext('2d')
      if (!context) throw new Error('there is no canvas')
      context.drawImage(image, 0, 0)
      const { data, width, height } = context.getImageData(0, 0, image.width, image.height)
      const isGround = (at: number) =>
        [0, 1, 2].every((part) => Math.abs((data[at + part] ?? 0) - (data[part] ?? 0)) < 8)
      let [left, right, top, bottom] = [width, 0, height, 0]
      for (let y = 0; y < height; y += 1)
        for (let x = 0; x < width; x += 1)
          if (!isGround(4 * (y * width + x))) {
            left = Math.min(left, x)
            right = Math.max(right, x)
            top = Math.min(top, y)
            bottom = Math.max(bottom, y)
          }
      return [left, top, width - 1 - right, height - 1 - bottom].map((px) => px / 2)
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
}

test.each(['line', 'ring'] as const)(
  'the picture of a %s has a title, names its network and instant, and has no empty margin',
  async (topology) => {
    const [lab, page] = await open({ nodes: 4, topology })
    await lab.command('0 msg 1 Lexi')
    await page.seesNode(3, /1 of 1/)
    await lab.command('1 crash')
    await page.seesNode(1, /crashed/)
    await openShare(page)
    await page.page.getByRole('textbox', { name: 'Title' }).fill('What a crash takes')
    const plain = await readFile(await share(page, 'SVG'), 'utf8')
    expect(plain).toContain('>What a crash takes<')
    const network = topology === 'line' ? '4 nodes on a line' : '4 nodes in a ring'
    expect(plain).toMatch(new RegExp(`>${network}( ·|<)`))
    expect(plain).toMatch(/\b20 ms per link\b/)
    expect(plain).toMatch(/at [\d.]+ s/)
    // Everything on the stage is labelled.
    expect(plain).toContain('>node 1 crashed<')
    for (const margin of await marginsOf(page.page, await readFile(await share(page, 'PNG'))))
      expect(margin).toBeLessThanOrEqual(40)

    expect(plain).not.toContain('>origin<')
    await page.page.getByRole('checkbox', { name: 'Include the spread' }).check()
    const whole = await readFile(await share(page, 'SVG'), 'utf8')
    expect(whole).toContain('>origin<')
    expect(whole).toContain('>Lexi<')
    const heightOf = (svg: string) => Number(/^<svg [^>]*height="(\d+)"/.exec(svg)?.[1])
    expect(heightOf(whole)).toBeGreaterThan(heightOf(plain))
    for (const margin of await marginsOf(page.page, await readFile(await share(page, 'PNG'))))
      expect(margin).toBeLessThanOrEqual(40)
    expect(page.errors).toEqual([])
  },
)

/** A limit, not an expectation. */
const PATIENCE_MS = 30_000

const CONTROLS = 'button, [role="button"], summary, input, select, textarea, hr[tabindex]'

/** All enabled controls that can be pressed, moved or filled, and are not chosen already. */
const controlsOf = (page: Page) =>
  page.locator(CONTROLS).evaluateAll((found) =>
    found.flatMap((one, place) => {
      const { width, height } = one.getBoundingClientRect()
      const isChosen = one.matches('[aria-pressed="true"], [aria-selected="true"]')
      if (!one.checkVisibility() || width < 2 || height < 2 || isChosen) return []
      return [{ place, name: one.getAttribute('aria-label') ?? one.textContent ?? '', isOff: one.matches(':disabled') }]
    }),
  )

/** All visible content of the page, and the states of its controls. */
const sightOf = (page: Page) =>
  page.evaluate(() => {
    const values = [...document.querySelectorAll<HTMLInputElement>('input, select')].map(({ value }) => value)
    const { fullscreenElement, documentElement } = document
    const root = document.getElementById('root')?.outerHTML
    const looks = Object.entries(documentElement.dataset).join()
    return [root, looks, ...values, fullscreenElement?.nodeName].join('\n')
  })

/** A click, or the action of a slider or a splitter. */
async function use(page: Page, place: number) {
  const control = page.locator(CONTROLS).nth(place)
  const kind = await control.evaluate(({ nodeName }) => nodeName.toLowerCase())
  if (kind === 'hr') await control.press('ArrowUp')
  else if (kind === 'input') await control.press('ArrowLeft')
  else if (kind === 'select') await control.selectOption({ index: 1 })
  // A node on the stage may be under a datagram.
  else if (kind === 'g') await control.press('Enter')
  else await control.click()
}

test('every control of a page in a file does something, from a disk and without a lab', {
  timeout: 600_000,
}, async () => {
  const [lab, page] = await open({ nodes: 3 })
  for (const line of ['0 msg 1 Lexi', 'link 0 1 loss 100', '0 msg 2 lost', '2 crash', 'link 0 1 heal', '1 msg 1 later'])
    await lab.command(line)
  await page.seesNode(1, /3 of 3/)
  // There are events before this instant, and events after it.
  const at = Math.floor((await lab.state()).messages.at(-1)?.at ?? 0) - 12
  const file = await share(page, 'Web page')
  await lab.stop()

  const tab = await browser.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' })
  onTestFinished(() => tab.close())
  const errors: string[] = []
  tab.on('pageerror', (error) => errors.push(error.message))
  tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  const used = new Set<string>()
  const instant = tab.getByRole('slider', { name: 'Instant shown' })
  for (const selected of ['', '&node=0', '&link=0-1']) {
    await tab.goto('about:blank')
    await tab.goto(`${pathToFileURL(file).href}#t=${at}${selected}`)
    await instant.waitFor()
    await expect.poll(async () => (await controlsOf(tab)).filter(({ isOff }) => isOff)).toEqual([])
    /** The next unused one, always from the same state of the page. */
    const next = async () => {
      const there = `${at + (used.size % 10)}`
      await tab.evaluate((place) => location.assign(`#${place}`), `t=${there}${selected}`)
      await expect.poll(() => instant.inputValue(), { timeout: PATIENCE_MS }).toBe(there)
      return (await controlsOf(tab)).find(({ name, isOff }) => !isOff && !used.has(name))
    }
    for (let control = await next(); control; control = await next()) {
      const { name, place: nth } = control
      used.add(name)
      const before = await sightOf(tab)
      await use(tab, nth)
      await expect.poll(() => sightOf(tab), { message: `${name} does nothing`, timeout: PATIENCE_MS }).not.toBe(before)
      // Restores the page for the next test.
      const pressed = tab.locator(`button[aria-pressed="true"]`).and(tab.getByRole('button', { name, exact: true }))
      if (await pressed.isVisible()) await pressed.click()
      expect(await tab.getByText(/could not be loaded|does not answer|go back to the live lab/).count(), name).toBe(0)
    }
  }
  expect(used.size).toBeGreaterThan(20)
  expect(errors).toEqual([])
})

test('a page in a file goes on in simulation, from the instant on screen', async () => {
  const [lab, page] = await open({ nodes: 4 })
  for (const line of ['hold 2>3 on', '0 msg 1 Lexi', '1 crash']) await lab.command(line)
  await page.seesNode(1, /crashed/)
  await openShare(page)
  await page.page.getByRole('checkbox', { name: /can go on in simulation/ }).check()
  const file = await share(page, 'Web page')
  await lab.stop()

  const saved = await openSite(browser, pathToFileURL(file).href)
  onTestFinished(() => saved.close())
  const { page: view } = saved
  await view.getByText(/^Recording of/).waitFor()
  await saved.seesNode(1, /crashed/)
  const instant = await view.locator('[data-time-bar] strong').textContent()
  await view.getByRole('button', { name: 'Continue in simulation' }).click()
  await view.getByText(`goes on in simulation from ${instant}`).waitFor()
  await view.getByText('simulated, virtual clock').waitFor()
  await saved.seesNode(1, /crashed/)
  await saved.press(1, 'Restart')
  await saved.seesNode(2, /1 of 1/)
  await saved.seesNode(3, /0 of 1/)
  await saved.type('hold off')
  await saved.seesNode(3, /1 of 1/)
  await view.goBack()
  await view.getByText(/^Recording of/).waitFor()
  await saved.seesNode(1, /crashed/)
  expect(saved.errors).toEqual([])
})
