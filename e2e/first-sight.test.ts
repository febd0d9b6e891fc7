/** Tests that the page guides a first visit, names the network in its header, and tells a hall the present event. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { drawn } from './support/settled.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

/** Returns whether this browser remembers that it has explained something. */
const knows = (page: LabPage, name: string) =>
  page.page.evaluate((name) => (localStorage.getItem('known') ?? '').split(' ').includes(name), name)

test('a first visit gets a prompt for a message, signs are explained as they appear, and the next visit is quiet', async () => {
  const lab = await startLab({ nodes: 4, linkDelayMs: 250 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const view = page.page
  const legend = view.getByRole('list', { name: 'Signs on the stage' })
  const send = view.getByRole('button', { name: 'Send', exact: true })
  await view.getByText('a node started').waitFor()
  await view.getByText(/^No messages yet\. Each message gets a row/).waitFor()
  await expect.poll(() => view.getByLabel('Send node 0 a message').inputValue()).toBe('hello')
  await expect.poll(() => view.locator('header [data-kind=primary]').allInnerTexts()).toEqual(['Lessons'])
  await send.click()
  await legend.getByText('rumor: a message on its way').waitFor()
  await legend.getByText('status: what its sender has').waitFor()
  await send.waitFor({ state: 'hidden' })
  await page.seesNode(3, /1 of 1/)
  for (const line of ['1 crash', '0 msg 2 network']) await lab.command(line)
  await legend.getByText('lost: it did not arrive').waitFor()
  for (const name of ['visit', 'rumor', 'status', 'loss', 'start-mark', 'message-mark'])
    await expect.poll(() => knows(page, name), { timeout: 30_000 }).toBe(true)
  await lab.command('network 4 line')
  await view.reload()
  await page.seesNode(3, /0 of 0/)
  await view.getByRole('button', { name: 'Send node 0 a message' }).click()
  await view.keyboard.type('again\n')
  await page.seesNode(3, /1 of 1/)
  await drawn(view)
  for (const gone of [view.getByLabel(/watch it spread/), legend, view.getByText('a node started')])
    await gone.waitFor({ state: 'hidden' })
  expect(page.errors).toEqual([])
})

test('the header names the network and settings that differ from the default; the other settings are shown on demand', async () => {
  const lab = await startLab({ nodes: 3, linkDelayMs: 250 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const header = page.page.locator('header')
  const name = header.getByRole('button', { name: '3 nodes on a line' })
  const words = () => header.textContent()
  await name.waitFor()
  expect(await words()).not.toMatch(/fanout|window|coin|timeout|anti-entropy|repeats|ms/)
  await lab.command('set antiEntropyMs=600000')
  await header.getByText('anti-entropy 600 s').waitFor()
  await name.click()
  const list = page.page.getByRole('region', { name: 'Network settings' })
  for (const words of [
    '250 ms per link',
    'fanout 2',
    'window 16',
    'coin 0.5',
    'ack timeout 1 s',
    'retries 3',
    'no key',
  ])
    await list.getByText(words, { exact: true }).waitFor()
  await list.getByText('default: anti-entropy 10 s').waitFor()
  await page.page.keyboard.press('Escape')
  await list.waitFor({ state: 'hidden' })
  await header.getByRole('button', { name: 'Reset' }).click()
  await expect.poll(words).not.toMatch(/anti-entropy/)
  expect(page.errors).toEqual([])
})

test('in projector mode a hall reads the present event and how far the message is, as of the instant on screen', async () => {
  const lab = await startLab({ nodes: 4, linkDelayMs: 100 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const stage = page.page.getByRole('region', { name: 'Stage', exact: true })
  await page.page.keyboard.press('p')
  await stage.getByText(/^Node \d started$/).waitFor()
  expect(await stage.getByText(/nodes have message/).isVisible()).toBe(false)
  await lab.command('0 msg 1 hello')
  await stage.getByText('Node 2 told node 3 “hello”').waitFor()
  const figure = stage.getByText('4 of 4 nodes have message 0.0')
  await figure.waitFor()
  const size = (part: typeof figure) =>
    part.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))
  await expect.poll(() => size(figure.locator('strong'))).toBeGreaterThan(28)
  await lab.command('1 crash')
  await stage.getByText('Node 1 crashed: 1 copy is lost').waitFor()
  // Back to where node 1 had it and node 2 had not.
  await page.page.keyboard.press('.')
  for (const words of ['3 of 4', '2 of 4']) {
    await expect
      .poll(async () => {
        const text = (await stage.getByText(/nodes have message/).textContent()) ?? ''
        if (!text.startsWith(words)) await page.page.keyboard.press('Shift+ArrowLeft')
        return text
      })
      .toBe(`${words} nodes have message 0.0`)
  }
  await stage
    .getByText('“hello” is on its way from node 1 to node 2')
    .or(stage.getByText(/^Node 0 told node 1/))
    .waitFor()
  await page.page.keyboard.press('p')
  await figure.waitFor({ state: 'hidden' })
  expect(page.errors).toEqual([])
})
