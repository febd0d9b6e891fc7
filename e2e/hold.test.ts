/**
 * Tests datagrams that are held and released one at a time, in a real browser, on real processes, by clicks and by
 * keys.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

/** A page on three nodes: one click has paused the protocol's timers, and then closed every gate. */
async function openHolding(): Promise<[TestLab, LabPage]> {
  const lab = await startLab({ nodes: 3, linkDelayMs: 0 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.page.getByRole('button', { name: 'Hold', exact: true }).click()
  const bar = page.page.getByRole('region', { name: 'Hold and step' })
  await bar.getByText(/timers are stopped: nothing moves until you step or deliver/).waitFor()
  await lab.waitFor(({ timersHeld, links }) => timersHeld && links['*']?.hold === true)
  // A greeting or a round of anti-entropy may have begun before.
  await lab.command('deliver all')
  return [lab, page]
}

/** A limit, not an expectation. */
const PATIENCE_MS = 30_000

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function overlap(one: Box | null, other: Box | null): boolean {
  if (!one || !other) throw new Error('one of them is not on the page')
  const isApart = one.x + one.width <= other.x || other.x + other.width <= one.x
  return !isApart && one.y < other.y + other.height && other.y < one.y + one.height
}

const numbersOf = async (lab: TestLab) => Object.keys((await lab.state()).held).map(Number)

test('hold, message, read the effect of a delivery, deliver, see the effect; duplicate one and drop one', async () => {
  const [lab, page] = await openHolding()
  const view = page.page
  const bar = view.getByRole('region', { name: 'Hold and step' })
  await page.say(0, 'hello')
  await lab.waitFor(({ held }) => Object.values(held).some(({ content }) => content.kind === 'rumor'))
  const [rumor] = Object.values((await lab.state()).held).filter(({ content }) => content.kind === 'rumor')
  if (!rumor) throw new Error('no rumor is held')
  const { number } = rumor

  // The tooltip covers neither the datagram under the pointer, nor its sender and receiver.
  const held = view.locator(`[data-held="${number}"]`)
  await held.hover({ force: true })
  const tip = view.locator('[data-topology] > div').filter({ hasText: `#${number}: rumor “hello”` })
  await tip.waitFor()
  const pointedAt = [held, ...[0, 1].map((id) => page.node(id).locator('circle').last())]
  const covered = async () => {
    const [over, ...under] = await Promise.all([tip, ...pointedAt].map((one) => one.boundingBox()))
    return under.map((box) => overlap(over ?? null, box))
  }
  await expect.poll(covered).toEqual([false, false, false])
  await view.mouse.move(5, 5)

  // On the stage by its name, and in the list with the effect of its delivery.
  await view.getByRole('button', { name: `Held #${number}: rumor “hello”, node 0 to node 1` }).press('Enter')
  const panel = view.getByRole('region', { name: 'Held datagrams' })
  const item = panel.getByRole('listitem', { name: `Held #${number}` })
  await item.getByText('makes node 1 store message 0.0, pass it on, and acknowledge to node 0').waitFor()

  await item.getByRole('button', { name: `Duplicate #${number}` }).click()
  const copy = panel.getByRole('listitem').filter({ hasText: `copy of #${number}` })
  await copy.waitFor()
  await item.getByRole('button', { name: `Deliver #${number}` }).click()
  await bar.getByText(`#${number} delivered: node 1 stored “hello”`).waitFor()
  await page.seesNode(1, /1 of 1/)
  await view.locator('[data-node="1"][data-changed=true]').waitFor()
  // The changes of a step pulse, and then look like all else.
  await view.evaluate(() => {
    document.addEventListener('animationstart', ({ target }) => {
      if (target instanceof Element && target.closest('td')) document.body.dataset.pulsed = 'true'
    })
  })
  const vectors = (await page.select(1)).getByRole('table')
  await vectors.waitFor()
  await view.locator('body[data-pulsed]').waitFor()
  const marked = () =>
    vectors.locator('td').evaluateAll((cells) => {
      const isMarked = (one: Element) => {
        const { textDecorationLine, backgroundColor } = getComputedStyle(one)
        return textDecorationLine !== 'none' || !/, 0\)$/.test(backgroundColor)
      }
      const parts = cells.flatMap((cell) => [cell, ...cell.querySelectorAll(':not(mark)')])
      return {
        pulses: cells.flatMap((cell) => cell.getAnimations({ subtree: true })).length,
        stays: parts.filter(isMarked).length,
      }
    })
  await expect.poll(marked).toEqual({ pulses: 0, stays: 0 })
  for (const _ of ['to the node', 'to nothing']) await view.keyboard.press('Escape')
  await expect.poll(async () => (await lab.state()).held[number]).toBeUndefined()

  // The receiver has the message now: the copy would only be acknowledged.
  await copy.getByText(/acknowledge .*, which it already has, to node 0/).waitFor()
  await copy.getByRole('button', { name: /^Drop/ }).click()
  await bar.getByText(/dropped: no node gets it/).waitFor()
  await expect.poll(() => copy.count()).toBe(0)
  expect((await lab.state()).nodes[2]?.messages).toBe(0)
  expect(page.errors).toEqual([])
})

test('steps by key go from the oldest on, and open gates release everything', async () => {
  const [lab, page] = await openHolding()
  const { keyboard } = page.page
  await page.say(0, 'hello')
  for (let step = 0; step < 20 && (await lab.state()).nodes[2]?.messages !== 1; step += 1) {
    await lab.waitFor(({ held }) => Object.keys(held).length > 0)
    const [oldest] = await numbersOf(lab)
    await page.page.getByText(`Next: #${oldest}, `).waitFor()
    await keyboard.press('Alt+s')
    await lab.waitFor(({ held }) => held[oldest ?? 0] === undefined)
  }
  await page.seesNode(2, /1 of 1/)
  await keyboard.press('Alt+h')
  await lab.waitFor(
    ({ held, links, timersHeld }) =>
      Object.keys(held).length === 0 && Object.keys(links).length === 0 && timersHeld === false,
  )
  await page.page.getByRole('region', { name: 'Hold and step' }).waitFor({ state: 'hidden' })
})

test('Hold pauses the timers and then holds datagrams, as two commands, so that the queue does not grow', async () => {
  const [lab, page] = await openHolding()
  const hold = page.page.getByRole('button', { name: 'Hold', exact: true })
  const bar = page.page.getByRole('region', { name: 'Hold and step' })
  const count = async () => (await numbersOf(lab)).length
  await hold.click()
  await bar.waitFor({ state: 'hidden' })
  await expect
    .poll(async () => (await lab.state()).commands.map(({ line }) => line).filter((line) => line.startsWith('hold')))
    .toEqual(['hold timers on', 'hold on', 'hold off', 'hold timers off'])

  // The command alone leaves the timers running: the queue grows while one reads, and the page says why.
  await lab.command('set ackTimeoutMs=100')
  await lab.command('hold on')
  await lab.command('0 msg 1 hello')
  const begun = (await lab.state()).at
  await bar.getByText(/timers keep running, so nodes repeat unacknowledged rumors, which are held too/).waitFor()
  const { at: grown } = await lab.waitFor(({ held }) => Object.keys(held).length > 4)
  await hold.click()
  await bar.waitFor({ state: 'hidden' })
  await expect.poll(async () => (await lab.state()).commands.at(-1)?.line).toBe('hold off')

  await hold.click()
  await lab.waitFor(({ timersHeld, links }) => timersHeld && links['*']?.hold === true)
  await page.say(0, 'again')
  const { at: said } = await lab.waitFor(({ held }) => Object.keys(held).length > 0)
  const before = await count()
  // Waits as long as the growth took: each answer contains the time.
  const now = async () => {
    await lab.command('0 get chatLog')
    return (await lab.state()).at
  }
  await expect.poll(now, { timeout: PATIENCE_MS }).toBeGreaterThan(said + grown - begun)
  expect(await count()).toBe(before)
  expect(page.errors).toEqual([])
})

test('one direction of a link is held by click, and its gate is on the stage', async () => {
  const lab = await startLab({ nodes: 3, linkDelayMs: 0 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.page.locator('[data-link="1-2"]').press('Enter')
  const panel = page.page.getByRole('region', { name: 'Link 1 to 2' })
  await panel.getByRole('combobox').selectOption('1 → 2 only')
  await panel.getByRole('button', { name: 'Hold', exact: true }).click()
  await page.say(0, 'hello')
  await page.seesNode(1, /1 of 1/)
  await page.page
    .getByRole('button', { name: /^Held #\d+: rumor “hello”, node 1 to node 2/ })
    .first()
    .waitFor()
  expect(Object.values((await lab.state()).held).every(({ to }) => to === lab.rootId + 2)).toBe(true)
})
