/** Tests the page in a real browser, on real processes. */
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { askUntil } from './support/ask-until.ts'
import { layCable } from './support/cable.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { type Walker, walkThrough } from './walkthrough.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function open(
  options: Parameters<typeof startLab>[0] = { linkDelayMs: 250 },
  browserOptions: Parameters<typeof LabPage.open>[2] = {},
): Promise<[TestLab, LabPage]> {
  const lab = await startLab(options)
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, browserOptions)
  onTestFinished(() => page.close())
  return [lab, page]
}

/** A page whose connection can be cut. */
async function openByCable() {
  const lab = await startLab({ linkDelayMs: 0 })
  onTestFinished(() => lab.stop())
  const cable = await layCable(lab.url)
  onTestFinished(() => cable.close())
  const page = await LabPage.open(browser, cable.url)
  onTestFinished(() => page.close())
  return { lab, page, cable }
}

test("the report's walkthrough, clicked", async () => {
  const [lab, page] = await open()
  await page.openConsole()
  const walker: Walker = {
    type: (line) => click(page, line),
    chatLog: (id, wanted) => askUntil(page, id, wanted, () => page.press(id, 'Chat log')),
  }
  await walkThrough(walker, (id) => lab.basePort + id)
  expect(page.errors).toEqual([])
})

/** Does with the mouse what another person types. */
async function click(page: LabPage, line: string): Promise<void> {
  const [, id, verb, rest] = /^(\d+) (\w+) ?(.*)$/.exec(line) ?? []
  if (verb === 'msg') await page.say(Number(id), rest?.replace(/^\d+ /, '') ?? '')
  else if (verb === 'crash') {
    await page.press(Number(id), 'Crash')
    await page.seesNode(Number(id), /crashed/)
  } else if (verb === 'start') {
    // The lab runs four nodes from the beginning; only one that has crashed needs a click.
    if (await page.node(Number(id)).and(page.page.locator('[data-status=crashed]')).isVisible())
      await page.press(Number(id), 'Restart')
    await page.seesNode(Number(id), /running/)
  } else if (line === 'exit') {
    await page.type('exit')
    for (const node of [0, 1, 2, 3]) await page.seesNode(node, /stopped/)
  } else throw new Error(`no click does ${line}`)
}

test("the report's walkthrough, typed into the console", async () => {
  const [lab, page] = await open()
  const walker: Walker = {
    type: async (line) => {
      await page.type(line)
      await page.seesCommand(new RegExp(`^${line}$`))
    },
    chatLog: (id, wanted) => askUntil(page, id, wanted, () => page.type(`${id} get chatLog`)),
  }
  await walkThrough(walker, (id) => lab.basePort + id)
  for (const node of [0, 1, 2, 3]) await page.seesNode(node, /stopped/)
  expect(page.errors).toEqual([])
})

test('the stage and the spread matrix show which node has which message, the losses of a crash, and the nodes that are cut off', async () => {
  const [lab, page] = await open({ linkDelayMs: 20 })
  await lab.command('0 msg 1 Lexi')
  await page.seesNode(3, /1 of 1/)
  await lab.command('1 crash')
  await page.seesNode(1, /crashed/)
  const lost = (await page.select(1)).getByRole('list', { name: 'Lost in the crash' })
  await lost.getByRole('button', { name: 'Lexi' }).waitFor()
  await lab.command('0 msg 2 network')
  const row = page.page.locator(`[data-message="${await keyOf(lab, 'network')}"]`)
  await expect
    .poll(() => row.locator('[data-cell]').evaluateAll((cells) => cells.map((c) => c.getAttribute('data-cell'))))
    .toEqual(['origin', 'lost on the way', 'cut off', 'cut off'])
  // A screen reader gets the meaning that a cell shows by its place and shade alone.
  const spread = page.page.getByRole('region', { name: 'Spread of messages' })
  await spread.getByRole('cell', { name: 'lost copy' }).first().waitFor()
  await spread.getByRole('cell', { name: /^after [\d.]+ m?s, over 3 links$/ }).waitFor()
  await lab.command(`1 start 4 ${lab.basePort + 1}`)
  for (const id of [0, 1, 2, 3]) await page.seesNode(id, /2 of 2/)
})

async function keyOf(lab: TestLab, text: string): Promise<string> {
  const { messages } = await lab.waitFor(({ messages }) => messages.some((message) => message.text === text))
  return messages.find((message) => message.text === text)?.key ?? ''
}

test('a node killed from outside is shown as such', async () => {
  const [lab, page] = await open({ linkDelayMs: 0 })
  const { pid } = (await lab.state()).nodes[2] ?? {}
  if (pid) process.kill(pid, 'SIGKILL')
  await page.seesNode(2, /killed/)
  await page.node(2).click()
  await page.page.getByText('Killed by the signal SIGKILL').waitFor()
})

test('a page that loses its connection says so, reconnects by itself and has missed nothing', async () => {
  const { lab, page, cable } = await openByCable()
  await page.say(0, 'before')
  await page.seesNode(3, /1 of 1/)
  cable.pull()
  const banner = page.page.getByText(/connection lost/i)
  await banner.waitFor()
  await lab.command('3 msg 1 meanwhile')
  await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === 2))
  await lab.command('1 crash')
  cable.plugIn()
  await banner.waitFor({ state: 'hidden' })
  await page.seesNode(1, /crashed/)
  for (const id of [0, 2, 3]) await page.seesNode(id, /2 of 2/)
  // The selection is still there.
  await page.page.getByRole('region', { name: 'Node 0', exact: true }).waitFor()
})

test('the panel of a node is about messages; its process and counters open on demand, and then stay open', async () => {
  const [, page] = await open({ linkDelayMs: 0 })
  const panel = await page.select(1)
  await panel.getByRole('textbox', { name: 'Message text' }).waitFor()
  for (const name of ['Chat log', 'Crash']) await panel.getByRole('button', { name }).waitFor()
  await expect
    .poll(() => panel.getByRole('heading').allTextContents())
    .toEqual([expect.stringMatching(/^Node 1/), 'Chat log', expect.stringMatching(/^Status vectors/)])
  expect(await panel.getByText(/pid|seed|bytes|generation/).count()).toBe(0)
  await panel.getByText('Process and counters').click()
  for (const fact of [/^pid \d+/, /^seed$/, /^bytes$/]) await panel.getByText(fact).waitFor()
  await (await page.select(2)).getByText(/^pid \d+/).waitFor()
  expect(page.errors).toEqual([])
})

test('help is legible in the console as it opens, and a typing error is answered with the probable command', async () => {
  const [lab, page] = await open({ linkDelayMs: 0 })
  const log = page.page.getByRole('log')
  /** Overlap of the first and the last line of the newest answer over the console, in px. */
  const hidden = () =>
    log.evaluate((drawer) => {
      const entry = drawer.querySelector('li:last-child')?.getBoundingClientRect()
      const { top, bottom } = drawer.getBoundingClientRect()
      return entry ? { above: Math.max(0, top - entry.top), below: Math.max(0, entry.bottom - bottom) } : null
    })
  await page.type('help')
  await log.getByText(/^<id> start, <id> msg/).waitFor()
  await expect.poll(hidden).toEqual({ above: 0, below: 0 })
  await page.type('help link')
  await log.getByText(/^cut a link both ways/).waitFor()
  await page.type('help all')
  await log.getByText(/^Faults$/m).waitFor()
  // It is longer than the console: one reads it from the beginning.
  await expect.poll(async () => (await hidden())?.above).toBeLessThan(1)
  await page.type('0 mgs 1 hello')
  await log.getByText("Unknown command 'mgs'. Did you mean 'msg'?").waitFor()
  expect(await lab.command('0 mgs 1 hello')).toMatchObject({
    ok: false,
    status: 400,
    error: expect.stringContaining("Unknown command 'mgs'. Did you mean 'msg'?"),
  })
  expect(page.errors.filter((error) => !error.includes('400'))).toEqual([])
})

test('on a phone, all of help is in the same columns, in the console and in the dialog', async () => {
  const [, page] = await open({ linkDelayMs: 0 }, { viewport: { width: 390, height: 844 } })
  const edges = (of: Locator, part: string) =>
    of.locator(part).evaluateAll((all) => [...new Set(all.map((one) => Math.round(one.getBoundingClientRect().left)))])
  const log = page.page.getByRole('log')
  for (const [line, answer] of [
    ['help', /^<id> start, <id> msg/],
    ['help link', /^cut a link both ways/],
  ] as const) {
    await page.type(line)
    await log.getByText(answer).waitFor()
    const newest = log.getByRole('listitem').last()
    for (const part of ['dt', 'dd']) await expect.poll(() => edges(newest, part), { message: line }).toHaveLength(1)
    await expect.poll(() => log.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  }
  await page.page.getByRole('button', { name: 'Help' }).click()
  const dialog = page.page.getByRole('dialog')
  await dialog.waitFor()
  for (const part of ['dt', 'dd']) {
    // Keys and signs have one pair of columns; a command is above its explanation.
    for (const list of [':scope > dl', 'section dl'])
      await expect.poll(() => edges(dialog.locator(list), part), { message: part }).toHaveLength(1)
  }
  const column = dialog.locator('section dt').first()
  await expect.poll(async () => (await column.boundingBox())?.width ?? 0).toBeGreaterThan(250)
  expect(page.errors).toEqual([])
})

test('two pages see the same, and the second one joins late', async () => {
  const [lab, first] = await open({ linkDelayMs: 0 })
  await first.say(0, 'early')
  await lab.command('1 crash')
  const second = await LabPage.open(browser, lab.url)
  onTestFinished(() => second.close())
  await second.seesNode(1, /crashed/)
  await second.press(1, 'Restart')
  for (const page of [first, second]) await page.seesNode(1, /running/)
})

test('without the lab every part that loads on demand says that it cannot load, and loads when the lab is back', async () => {
  const { page, cable } = await openByCable()
  const { page: view } = page
  cable.pull()
  await view.getByText('Connection lost').waitFor()
  await view.getByText('last known state', { exact: true }).waitFor()
  for (const [key, name] of Object.entries({
    '?': 'The help',
    'Alt+n': 'The new network',
    'Alt+i': 'The invitation',
  })) {
    await view.keyboard.press(key)
    await view.getByText(`${name} could not be loaded because the lab does not respond.`).waitFor()
  }
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  await view.getByText('The lessons could not be loaded').waitFor()
  cable.plugIn()
  await view.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()
  await view.keyboard.press('?')
  await view.getByRole('dialog', { name: 'Help' }).waitFor()
})

test('on a phone the infection curves have the whole width, and their names are below', async () => {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  for (const [width, isBelow] of [
    [360, true],
    [1280, false],
  ] as const) {
    const page = await LabPage.open(browser, lab.url, { viewport: { width, height: 740 } })
    onTestFinished(() => page.close())
    if (isBelow) await page.say(0, 'hello')
    await page.page.getByRole('tab', { name: 'Curves' }).click()
    const picture = page.page.getByRole('img', { name: /^Nodes reached against time/ })
    const hello = page.page.getByRole('tabpanel').getByRole('button', { name: /^hello/ })
    const stands = async () => {
      const [curves, name] = [await picture.boundingBox(), await hello.boundingBox()]
      if (!curves || !name) return null
      return { isBelow: name.y > curves.y + curves.height - 1, isWide: curves.width > 0.9 * width }
    }
    await expect.poll(stands).toEqual({ isBelow, isWide: isBelow })
    // A click draws no focus ring: that is for the keyboard.
    expect(await page.page.evaluate(() => document.activeElement?.matches('[role=tab]'))).toBe(false)
  }
})

test('settings that differ from the default are in the header, and one click resets them', async () => {
  const [lab, { page }] = await open({ linkDelayMs: 0 })
  const header = page.getByRole('banner')
  const reset = header.getByRole('button', { name: 'Reset' })
  await header.getByText('4 nodes on a line').waitFor()
  expect(await reset.count()).toBe(0)
  await lab.command('set antiEntropyMs=600000')
  await lab.command('network 3 line')
  await header.getByText('anti-entropy 600 s').waitFor()
  await reset.click()
  await lab.waitFor(({ settings }) => settings?.gossip.antiEntropyMs === 10_000)
  await reset.waitFor({ state: 'detached' })
})

test('the panel of a link lists as many datagrams as its heading says, once all are shown', async () => {
  const [lab, { page }] = await open({ nodes: 2, linkDelayMs: 0 })
  for (let count = 1; count <= 10; count += 1) await lab.command(`0 msg ${count} m${count}`)
  await lab.waitFor(({ nodes }) => nodes[1]?.messages === 10)
  await page.locator('[data-link="0-1"]').press('Enter')
  const panel = page.getByRole('region', { name: 'Link 0 to 1' })
  const heading = panel.getByRole('heading', { name: /^Datagrams, last 120 s: \d+$/ })
  await panel.getByRole('button', { name: /^Show \d+ more$/ }).click()
  await expect
    .poll(async () => [
      /\d+$/.exec((await heading.textContent()) ?? '')?.[0],
      `${await panel.getByRole('listitem').count()}`,
    ])
    .toSatisfy(([said, listed]) => said === listed && Number(said) > 14)
})
