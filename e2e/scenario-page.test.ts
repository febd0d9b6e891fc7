/** Tests a scenario file on the page: dropped or chosen, refused with line and column, run, stepped and stopped. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
let lab: TestLab
beforeAll(async () => {
  browser = await sharedBrowser()
  lab = await startLab({ nodes: 2, linkDelayMs: 10 })
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})

async function open(): Promise<LabPage> {
  const page = await LabPage.open(browser, lab.url, { reducedMotion: 'reduce' })
  onTestFinished(() => page.close())
  return page
}

/** Drops a file on the page as a person does. Returns the panel that opens. */
async function drop({ page }: LabPage, name: string, text: string): Promise<Locator> {
  const transfer = await page.evaluateHandle(
    ([fileName = '', content = '']) => {
      const data = new DataTransfer()
      data.items.add(new File([content], fileName, { type: 'text/plain' }))
      return data
    },
    [name, text],
  )
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
  const panel = page.getByRole('region', { name: `Scenario ${name}` })
  await panel.waitFor()
  return panel
}

const press = (panel: Locator, name: string) => panel.getByRole('button', { name, exact: true }).click()
const current = (panel: Locator) => panel.locator('[aria-current=step]')

test('an invalid file is reported with line and column, and nothing of it runs', async () => {
  const page = await open()
  const before = (await lab.state()).commands.length
  const panel = await drop(page, 'wrong.scenario', '0 msg 1 hello\nlink 0 1 slow\nuntil dawn')
  await expect
    .poll(() => panel.getByRole('listitem').allInnerTexts())
    .toEqual([
      expect.stringMatching(/^line 2, column 10: after the link, write/),
      expect.stringMatching(/^line 3, column 7: after until, write/),
    ])
  expect(await panel.getByRole('button', { name: 'Run' }).count()).toBe(0)
  expect((await lab.state()).commands).toHaveLength(before)
})

test('run carries it out on real processes, and shows the output and unmet expectations', async () => {
  const page = await open()
  const panel = await drop(
    page,
    'own.scenario',
    ['network 3 line', '0 msg 1 hello', 'until copies hello = 3', '2 get chatLog', 'expect 1 chatLog bye'].join('\n'),
  )
  await press(panel, 'Run')
  await panel.getByText('Done. 1 expectation not met.').waitFor()
  await expect
    .poll(() => panel.getByRole('list', { name: 'Output' }).getByRole('listitem').allInnerTexts())
    .toEqual(['4 hello', '5 expect 1 chatLog bye: found: chatLog hello'])
  // Its run stays in sight until the panel is closed.
  await page.page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  const state = await lab.state()
  await expect
    .poll(async () => Number(await page.page.getByRole('slider', { name: 'Instant shown' }).getAttribute('min')))
    .toBeLessThanOrEqual(state.messages[0]?.at ?? 0)
  expect(state.nodes).toHaveLength(3)
  expect(state.commands.slice(-3).map(({ by, line }) => `${by}: ${line}`)).toEqual([
    'scenario: 0 msg 1 hello',
    'scenario: 2 get chatLog',
    'scenario: 1 get chatLog',
  ])
  expect(page.errors).toEqual([])
})

test('step carries one line out, a wait is described in words, and stop ends it there', async () => {
  const page = await open()
  const panel = await drop(page, 'steps.scenario', 'network 2 line\n0 msg 1 one\nuntil held 1 = 2\n0 msg 1 never')
  await press(panel, 'Step')
  await panel.getByText('Before line 2.').waitFor()
  expect((await lab.state()).messages).toHaveLength(0)
  await press(panel, 'Step')
  await panel.getByText('Before line 3.').waitFor()
  await lab.waitFor(({ nodes }) => nodes[1]?.messages === 1)
  await expect.poll(() => current(panel).textContent()).toBe('until held 1 = 2')
  await press(panel, 'Continue')
  await panel.getByText(/^waiting until held 1 = 2, \d+ s$/).waitFor()
  await press(panel, 'Stop')
  await panel.getByText('Stopped.').waitFor()
  expect((await lab.state()).messages).toHaveLength(1)
})

test('a file of the course runs unchanged, on a network of its own', async () => {
  await lab.command('0 msg 1 before')
  const page = await open()
  const file = readFileSync(join(import.meta.dirname, '../examples/walkthrough.input'), 'utf8')
  const panel = await drop(page, 'walkthrough.input', file)
  await press(panel, 'Run')
  await panel.getByText('Done. Every expectation was met.').waitFor({ timeout: 60_000 })
  const printed = () => panel.getByRole('list', { name: 'Output' }).getByRole('listitem').allInnerTexts()
  await expect
    .poll(printed)
    .toEqual([
      ...Array(7).fill(expect.stringMatching(/^\d+ /)),
      expect.stringMatching(/^\d+ Lexi,Sophie,hello,bye,my528,sw2298,heyhey,farewell,network$/),
    ])
  // It ends with exit.
  await expect.poll(async () => (await lab.state()).nodes.map(({ status }) => status)).toEqual(Array(4).fill('stopped'))
})
