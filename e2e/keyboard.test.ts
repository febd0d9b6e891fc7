/** Tests keys on the page: letters alone never change the lab, and shortcuts still work after a click. */
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { answered, drawn, settled } from './support/settled.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
let lab: TestLab
beforeAll(async () => {
  browser = await sharedBrowser()
  lab = await startLab({ nodes: 4, linkDelayMs: 0 })
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})
// Each test begins with the same network, in which one message is everywhere.
beforeEach(async () => {
  await lab.command('hold off')
  await lab.command('hold timers off')
  await lab.command('network 4 line')
  await lab.command('0 msg 1 first')
  await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === 1))
})

async function open(options: Parameters<typeof LabPage.open>[2] = {}): Promise<LabPage> {
  const page = await LabPage.open(browser, lab.url, options)
  onTestFinished(() => page.close())
  await page.seesNode(3, /1 of 1/)
  return page
}

/** Returns the lines that the lab got since an event. */
const linesSince = async (last: number) =>
  (await lab.state()).commands.filter(({ n }) => n > last).map(({ line }) => line)

const messageField = ({ page }: LabPage): Locator => page.getByRole('textbox', { name: 'Message text' })
const isFocused = (locator: Locator) => locator.evaluate((element) => element === document.activeElement)
const timeSlider = ({ page }: LabPage): Locator => page.getByRole('slider', { name: 'Instant shown' })
const speedSlider = ({ page }: LabPage): Locator => page.getByRole('slider', { name: 'Speed of the view' })

const PRINTABLE = Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code))
/** Words that consist of the letters of shortcuts. */
const WORDS = ['text', 'hello', 'Sophie', 'networks', 'first mix', 'shrill', 'xrhsln']

/** Everything that may have the focus without being a text field. */
const FOCUSED = {
  'the page': ({ page }) => page.locator('body'),
  'a node': (page) => page.node(1),
  'a link': ({ page }) => page.locator('[data-link="1-2"]'),
  'the bar of time': timeSlider,
  'the speed': speedSlider,
  'a row of the spread': ({ page }) => page.locator('[data-message] button').first(),
  'a tab': ({ page }) => page.getByRole('tab', { name: 'Space-time' }),
} satisfies Readonly<Record<string, (page: LabPage) => Locator>>

test.each(Object.entries(FOCUSED))('no printing key gives the lab a command with the focus on %s', async (_, of) => {
  const page = await open()
  const { keyboard } = page.page
  const { last } = await lab.state()
  for (const key of PRINTABLE) {
    // A node is selected, so that each shortcut could act.
    await blur(page)
    await keyboard.press('2')
    await of(page).focus()
    await keyboard.press(key)
    // Closes an opened dialog again.
    if (key === '?') await closeHelp(page)
    if (key === 'f') await keyboard.press('f')
  }
  await answered(page.page)
  expect(await linesSince(last)).toEqual([])
  expect(page.errors).toEqual([])
})

async function closeHelp({ page }: LabPage) {
  const help = page.getByRole('dialog', { name: 'Help' })
  await help.waitFor()
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'hidden' })
}

const blur = ({ page }: LabPage) =>
  page.evaluate(() => {
    const { activeElement } = document
    if (activeElement instanceof HTMLElement || activeElement instanceof SVGElement) activeElement.blur()
  })

test('a click on a node, a word and Enter send that word as a message, and do nothing else', async () => {
  const page = await open()
  const { last } = await lab.state()
  const lines: string[] = []
  for (const word of WORDS) {
    await page.node(2).locator('circle').last().click()
    // The next one follows without another click.
    for (const text of [word, 'again']) {
      await page.page.keyboard.type(`${text}\n`)
      lines.push(`2 msg ${lines.length + 1} ${text}`)
      await expect.poll(() => linesSince(last)).toEqual(lines)
      await page.seesNode(2, new RegExp(`${lines.length + 1} of`))
    }
  }
  expect(page.errors).toEqual([])
})

test('arrow keys walk from node to node, Enter writes to one, Escape comes back', async () => {
  const page = await open()
  const { keyboard } = page.page
  const { last } = await lab.state()
  await keyboard.press('0')
  for (const id of [0, 1]) {
    await expect.poll(() => isFocused(page.node(id))).toBe(true)
    await keyboard.press('ArrowRight')
  }
  await expect.poll(() => isFocused(page.node(2))).toBe(true)
  await keyboard.press('Enter')
  await page.page.getByRole('region', { name: 'Node 2', exact: true }).waitFor()
  await expect.poll(() => isFocused(messageField(page))).toBe(true)
  await keyboard.type('walked\n')
  await expect.poll(() => linesSince(last)).toEqual(['2 msg 1 walked'])
  await keyboard.press('Escape')
  await expect.poll(() => isFocused(page.node(2))).toBe(true)
  await keyboard.press('ArrowLeft')
  await keyboard.press('Space')
  await page.page.getByRole('region', { name: 'Node 1', exact: true }).waitFor()
  await expect.poll(() => isFocused(messageField(page))).toBe(true)
  // A neighbour that is selected in the panel is written to as well.
  await page.page.getByRole('columnheader').getByRole('button', { name: 'node 0' }).click()
  await expect.poll(() => isFocused(messageField(page))).toBe(true)
  await keyboard.type('panel\n')
  await expect.poll(() => linesSince(last)).toEqual(['2 msg 1 walked', '0 msg 2 panel'])
})

test('Alt and a letter act on the selected node or step, also while a message is written', async () => {
  const page = await open()
  const { keyboard } = page.page
  const { last } = await lab.state()
  await page.node(1).locator('circle').last().click()
  await keyboard.press('Alt+x')
  await page.seesNode(1, /crashed/)
  await keyboard.press('Alt+r')
  await page.seesNode(1, /1 of 1/)
  await keyboard.press('Alt+l')
  await page.seesCommand(/1 get chatLog/)
  await keyboard.press('Alt+m')
  await expect.poll(() => isFocused(messageField(page))).toBe(true)
  await keyboard.press('Alt+h')
  await page.page.getByRole('region', { name: 'Hold and step' }).waitFor()
  await keyboard.type('held\n')
  await lab.waitFor(({ held }) => Object.keys(held).length > 1)
  await page.page.getByText(/^Next: /).waitFor()
  await keyboard.press('Alt+s')
  await page.seesCommand(/step/)
  await keyboard.press('Alt+h')
  await page.seesNode(3, /2 of 2/)
  expect(await linesSince(last)).toEqual(expect.arrayContaining(['1 crash', 'hold on', 'step', 'hold off']))
  await keyboard.press('Alt+n')
  await page.page.getByRole('dialog', { name: 'New network' }).waitFor()
  expect(page.errors).toEqual([])
})

test('a tap selects a node and opens no keyboard: its field waits for a tap of its own', async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await page.node(2).tap()
  const panel = page.page.getByRole('region', { name: 'Node 2', exact: true })
  await panel.waitFor()
  await drawn(page.page)
  expect(await isFocused(messageField(page))).toBe(false)
  await messageField(page).tap()
  await expect.poll(() => isFocused(messageField(page))).toBe(true)
})

test.each([
  ['bar of time', timeSlider],
  ['speed', speedSlider],
])('after a click on the %s, keys act on the page', async (_, slider) => {
  const page = await open()
  const view = page.page
  const isPaused = () => view.getByRole('button', { name: 'Play', exact: true }).isVisible()
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  await view.getByRole('listitem').getByRole('button').first().click()
  await view.getByText('Starting nodes …').waitFor({ state: 'hidden' })
  const place = () =>
    view
      .locator('aside')
      .getByText(/^\d+ of \d+$/)
      .textContent()
  const first = await place()
  const theme = () => view.locator('html').getAttribute('data-theme')

  await slider(page).click()
  const before = await settled(async () => ({ theme: await theme(), paused: await isPaused() }))
  await view.keyboard.press('t')
  await expect.poll(theme).not.toBe(before.theme)
  for (const key of ['.', 'Space']) {
    await view.keyboard.press(key)
    await expect.poll(isPaused).toBe(key === '.' ? !before.paused : before.paused)
  }
  await view.keyboard.press('PageDown')
  await expect.poll(place).not.toBe(first)
  await view.keyboard.press('PageUp')
  await expect.poll(place).toBe(first)
  expect(page.errors).toEqual([])
  // Without a lesson the page keys do nothing.
  await view.getByRole('button', { name: 'Leave the lesson' }).click()
  await view.getByRole('button', { name: 'Keep this network as it is' }).click()
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  await view.getByRole('tab', { name: 'Space-time' }).waitFor()
  if (!(await settled(isPaused))) await view.keyboard.press('.')
  await expect.poll(isPaused).toBe(true)
  await slider(page).click()
  const value = await settled(() => slider(page).inputValue())
  await view.keyboard.press('PageDown')
  await drawn(view)
  expect(await slider(page).inputValue()).toBe(value)
})

test('after a click on a check box or a list, keys act on the page; a box reached by keyboard keeps its own', async () => {
  const page = await open()
  const view = page.page
  const play = view.getByRole('button', { name: 'Play', exact: true })
  const theme = () => view.locator('html').getAttribute('data-theme')
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  const box = view.getByRole('checkbox', { name: /Ten times as fast/ })
  await box.click()
  await view.keyboard.press('Space')
  await play.waitFor()
  expect(await box.isChecked()).toBe(true)
  await view.keyboard.press('.')
  await play.waitFor({ state: 'hidden' })
  await blur(page)
  await box.focus()
  await view.keyboard.press('Space')
  await expect.poll(() => box.isChecked()).toBe(false)

  await view.getByRole('tab', { name: 'Events' }).click()
  const list = view.getByRole('combobox', { name: 'Node', exact: true })
  await list.click()
  await view.keyboard.press('Escape')
  const before = await theme()
  await view.keyboard.press('t')
  await expect.poll(theme).not.toBe(before)
  await view.keyboard.press('.')
  await play.waitFor()
  await blur(page)
  await list.focus()
  await view.keyboard.type('node 2')
  await expect.poll(() => list.inputValue()).toBe('2')
  expect(await theme()).not.toBe(before)
  expect(page.errors).toEqual([])
})

test('Space presses the button that was reached by keyboard; after a click it pauses the view', async () => {
  const page = await open()
  const view = page.page
  const lessons = view.getByRole('button', { name: 'Lessons', exact: true })
  await lessons.focus()
  await view.keyboard.press('Space')
  await view.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()
  await lessons.click()
  await view.getByRole('heading', { name: 'Lessons', exact: true }).waitFor({ state: 'hidden' })
  await view.keyboard.press('Space')
  await view.getByRole('button', { name: 'Play', exact: true }).waitFor()
  expect(await lessons.getAttribute('aria-pressed')).toBe('false')
})

test('an icon button shows its name to the pointer that rests on it, and to the keyboard', async () => {
  const { page } = await open()
  const name = page.locator('body > [aria-hidden="true"]', { hasText: 'Previous event' })
  const button = page.getByRole('button', { name: 'Previous event', exact: true })
  await button.hover()
  await name.waitFor()
  // The pointer may go on to the name, as to read it under a magnifier.
  await name.hover()
  await answered(page)
  expect(await name.isVisible()).toBe(true)
  await page.mouse.move(5, 300)
  await expect.poll(() => name.count()).toBe(0)
  await page.getByRole('button', { name: 'Previous landmark' }).focus()
  await page.keyboard.press('Tab')
  await name.waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => name.count()).toBe(0)
  await button.hover()
  await button.click()
  await expect.poll(() => name.count()).toBe(0)
})
