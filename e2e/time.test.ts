/**
 * Tests the view's own time: back and forth while the nodes run on, slowly, from a file, and from a file without a lab.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type LabOptions, startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { EMPTY_LAB } from '../shared/model/lab-state.ts'
import { formatCount } from '../shared/text/format.ts'
import { readRecording } from '../shared/wire/recording-reader.ts'
import { LabPage } from './support/lab-page.ts'
import { settled } from './support/settled.ts'
import { share } from './support/share.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function open(options: LabOptions = {}, path = ''): Promise<[TestLab, LabPage]> {
  const lab = await startLab({ linkDelayMs: 20, ...options })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, `${lab.url}${path}`)
  onTestFinished(() => page.close())
  return [lab, page]
}

const button = ({ page }: LabPage, name: string): Locator => page.getByRole('button', { name, exact: true })
const time = ({ page }: LabPage): Locator => page.getByRole('region', { name: 'Time', exact: true })

/** Returns the stage's words for all nodes. */
const stage = ({ page }: LabPage): Promise<(string | null)[]> =>
  page.locator('[data-node]').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label')))

/** Lexi is everywhere, node 1 crashes, `network` is cut off, and node 1 gets both when it is back. */
async function story(lab: TestLab) {
  const everywhere = (count: number) => lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === count))
  await lab.command('0 msg 1 Lexi')
  await everywhere(1)
  await lab.command('1 crash')
  await lab.waitFor(({ nodes }) => nodes[1]?.status === 'crashed')
  await lab.command('0 msg 2 network')
  await lab.command(`1 start 4 ${lab.basePort + 1}`)
  await everywhere(2)
}

/** Steps back from landmark to landmark, and returns the stage's words on the way. */
async function walkBack(page: LabPage, until: (stage: (string | null)[]) => boolean) {
  const seen: (string | null)[][] = []
  for (let steps = 0; steps < 200; steps += 1) {
    seen.push(await stage(page))
    if (until(seen.at(-1) ?? [])) return seen
    await page.page.keyboard.press('Shift+ArrowLeft')
  }
  throw new Error(`never seen going back: ${JSON.stringify(seen)}`)
}

const isBeginning = (stage: (string | null)[]) => stage.every((name) => /, has 0 of 0/.test(name ?? ''))

test('the view goes back to the past, while the nodes run on, and is live again at a click', async () => {
  const [lab, page] = await open()
  await story(lab)
  await page.seesNode(1, /2 of 2/)
  await page.page.keyboard.press('.')
  await time(page)
    .getByText(/behind|paused/)
    .waitFor()
  const seen = await walkBack(page, isBeginning)
  expect(seen.some(([, one]) => /Node 1, crashed, 1 copy lost/.test(one ?? ''))).toBe(true)
  expect(seen.some(([, , , three]) => /has 1 of 1/.test(three ?? ''))).toBe(true)
  // The lab goes on behind.
  await lab.command('3 msg 1 later')
  await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === 3))
  await expect.poll(() => time(page).textContent()).toMatch(/\d+ events behind/)
  expect(isBeginning(await stage(page))).toBe(true)
  await button(page, 'Go live').click()
  await page.seesNode(0, /3 of 3/)
  expect(page.errors).toEqual([])
})

test('a person who acts from the past sees the result', async () => {
  const [lab, page] = await open()
  await story(lab)
  await page.seesNode(1, /2 of 2/)
  await page.page.keyboard.press('.')
  await walkBack(page, isBeginning)
  await page.say(0, 'now')
  await page.seesNode(3, /3 of 3/)
  await button(page, 'Pause the view').waitFor()
})

test('keys step, and mean the nodes again when the view moves on', async () => {
  const [lab, page] = await open()
  await story(lab)
  await page.seesNode(1, /2 of 2/)
  await button(page, 'Help').click()
  await page.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  // After a click, Space is the view's.
  await page.page.keyboard.press('Space')
  await button(page, 'Play').waitFor()
  const before = await settled(() => stage(page))
  for (let step = 0; step < 40; step += 1) await page.page.keyboard.press('ArrowLeft')
  await expect.poll(() => stage(page)).not.toEqual(before)
  for (let step = 0; step < 40; step += 1) await page.page.keyboard.press('ArrowRight')
  await expect.poll(() => stage(page)).toEqual(before)
  await page.page.keyboard.press('End')
  await button(page, 'Pause the view').waitFor()
  await page.page.keyboard.press('0')
  await page.page.keyboard.press('ArrowRight')
  await expect.poll(() => page.node(1).evaluate((node) => node === document.activeElement)).toBe(true)
})

test('without a delay on the links, slow motion shows every hop of a spread', {
  timeout: 300_000,
}, async () => {
  const [lab, page] = await open({ linkDelayMs: 0 })
  // A busy machine reports late, and late reports appear late: then the next spread decides.
  const spreads: string[][] = []
  while (spreads.length < 5 && !isHopByHop(spreads.at(-1) ?? [])) {
    const count = spreads.length + 1
    await page.page.keyboard.press('End')
    await page.seesNode(3, new RegExp(`has ${spreads.length} of`))
    await page.page.getByRole('slider', { name: 'Speed of the view' }).fill('1')
    await time(page).getByText('1/500').waitFor()
    await time(page).getByText('2 ms per second').waitFor()
    const watched = page.page.evaluate(watchSpread, count)
    await lab.command(`0 msg 1 word${count}`)
    spreads.push(await watched)
  }
  expect(isHopByHop(spreads.at(-1) ?? []), JSON.stringify(spreads)).toBe(true)
})

const isHopByHop = (seen: readonly string[]) => seen.slice(-4).join() === '1000,1100,1110,1111'

/** In the page: which nodes appear with so many messages, one picture after the other, until all four do. */
function watchSpread(count: number): Promise<string[]> {
  return new Promise((resolve) => {
    const seen: string[] = []
    function look() {
      const held = [...document.querySelectorAll('[data-node]')]
        .map((node) => Number(/has (\d+)/.exec(node.getAttribute('aria-label') ?? '')?.[1]) >= count)
        .map((holds) => (holds ? 1 : 0))
        .join('')
      if (seen.at(-1) !== held) seen.push(held)
      if (held === '1111') resolve(seen)
      else requestAnimationFrame(look)
    }
    look()
  })
}

const drop = (page: Page, name: string, text: string) =>
  page.evaluate(
    ([name = '', text = '']) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], name))
      document.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    [name, text],
  )

test('a page that was loaded again shares all that the lab still has, and says how much that is', async () => {
  const [lab, page] = await open({ nodes: 6, topology: 'mesh', linkDelayMs: 0 })
  // More than a page gets when it joins.
  await lab.command('set antiEntropyMs=50')
  await lab.waitFor(({ last }) => last > 7_000)
  await lab.command('set antiEntropyMs=600000')
  await page.page.reload()
  await page.node(0).waitFor()
  await button(page, 'Share').click()
  const option = page.page.getByRole('radio', { name: /^Everything the lab still has: [\d,]+ events, up to / })
  await option.waitFor()
  const path = await share(page, 'Recording')
  const outcome = readRecording(await readFile(path, 'utf8'))
  if (!outcome.ok) throw new Error(outcome.error)
  const { events, base } = outcome.recording
  expect(base).toEqual(EMPTY_LAB)
  expect(events[0]?.n).toBe(1)
  expect(events.length).toBeGreaterThan(7_000)
  await page.page.getByText(`Recording saved: ${formatCount(events.length)} events.`).waitFor()
})

test('a recorded walkthrough is opened, scrubbed back, and exported as a page that works alone', async () => {
  const [lab, page] = await open()
  await story(lab)
  await lab.command('2 msg 1 </script><img src=x onerror=alert(1)><!--')
  for (const id of [0, 1, 2, 3]) await page.seesNode(id, /3 of 3/)
  const live = await settled(() => stage(page))
  const path = await share(page, 'Recording')
  const text = await readFile(path, 'utf8')
  const outcome = readRecording(text)
  expect(outcome.ok && outcome.recording.note).toBeNull()
  const html = await readFile(await share(page, 'Web page'), 'utf8')
  const log = await readFile(await share(page, 'ShiViz log'), 'utf8')
  expect(log).toMatch(/\nsent .*\nnode0 \{"node0":\d+.*\}\n/)
  await page.page.keyboard.press('Escape')
  // Half of it, as after a crash of its writer; not just at the end of a line, where nothing would be cut off.
  await drop(page.page, 'half.jsonl', text.slice(0, text.lastIndexOf('\n', text.length / 2) + 20))
  await page.page.getByText(/half\.jsonl\. Opened up to event \d+: line \d+ is cut off in the middle/).waitFor()
  await drop(page.page, 'whole.jsonl', text)
  await page.page.getByText(/whole\.jsonl\./).waitFor()
  await page.page.keyboard.press('End')
  await expect.poll(() => stage(page)).toEqual(live)
  await walkBack(page, (nodes) => /Node 1, crashed/.test(nodes[1] ?? ''))
  await expect.poll(() => button(page, 'New network').isDisabled()).toBe(true)
  await button(page, 'Back to the live lab').click()
  await expect.poll(() => stage(page)).toEqual(live)
  await drop(page.page, 'cat.dat', 'a cat')
  await page.page.getByText(/cat\.dat could not be opened: it is not a recording or/).waitFor()
  expect(page.errors).toEqual([])

  const folder = await mkdtemp(join(tmpdir(), 'rs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'exported.html')
  await writeFile(file, html)
  await lab.stop()
  await readsAlone(file, live)
})

/** The page in a file, with every request refused. */
async function readsAlone(file: string, live: (string | null)[]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  onTestFinished(() => context.close())
  const requests: string[] = []
  await context.route(/^(?!file:|data:|blob:)/, (route) => {
    requests.push(route.request().url())
    return route.abort()
  })
  const tab = await context.newPage()
  const errors: string[] = []
  tab.on('pageerror', (error) => errors.push(error.message))
  tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  tab.on('dialog', (dialog) => errors.push(`a dialog: ${dialog.message()}`))
  await tab.goto(pathToFileURL(file).href)
  const nodes = () =>
    tab.locator('[data-node]').evaluateAll((found) => found.map((node) => node.getAttribute('aria-label')))
  await expect.poll(nodes).toEqual(live)
  await tab.keyboard.press('Home')
  await tab.keyboard.press('Shift+ArrowRight')
  await expect.poll(nodes).not.toEqual(live)
  await tab.keyboard.press('End')
  await expect.poll(nodes).toEqual(live)
  await tab.getByText('</script><img', { exact: false }).first().waitFor()
  expect(await tab.locator('img').count()).toBe(0)
  expect([requests, errors]).toEqual([[], []])
}

test('a reload and a link restore the view; a late joiner goes back to the beginning', async () => {
  const [lab, page] = await open()
  await story(lab)
  await page.seesNode(1, /2 of 2/)
  await page.select(2)
  // Out of the message field.
  await page.page.keyboard.press('Escape')
  await page.page.keyboard.press('.')
  await walkBack(page, (nodes) => /Node 1, crashed/.test(nodes[1] ?? ''))
  const then = await stage(page)
  const address = await restingAddress(page)
  expect(address).toMatch(/#t=[\d.]+&event=\d+&lab=\w+&node=2$/)
  await page.page.reload()
  await expect.poll(() => stage(page)).toEqual(then)
  await page.page.getByRole('region', { name: 'Node 2', exact: true }).waitFor()
  const other = await LabPage.open(browser, address)
  onTestFinished(() => other.close())
  await expect.poll(() => stage(other)).toEqual(then)
  await other.page.keyboard.press('Home')
  await expect.poll(() => stage(other)).toEqual([0, 1, 2, 3].map((id) => `Node ${id}, not started`))
})

/** Returns the address once it describes the view. */
async function restingAddress({ page }: LabPage): Promise<string> {
  // The page writes it once a second. A later timer of the page fires after that.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_100)))
  return page.url()
}
