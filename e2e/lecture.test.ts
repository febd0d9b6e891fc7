/** Tests a lecture: a teacher's actions in front of a class, by clicks only or by keys only, and the page's answers. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { LessonDriver, lessonNamed } from './support/lesson-driver.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

type Options = Parameters<typeof LabPage.open>[2]

async function open(options: Options = {}, nodes = 4): Promise<LabPage> {
  const lab = await startLab({ nodes, linkDelayMs: 0 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, options)
  onTestFinished(() => page.close())
  return page
}

const RING = Array.from({ length: 8 }, (_, id) => id)

/** Returns the cells of a message, in the order of the nodes. */
const cellsOf = ({ page }: LabPage, text: string) =>
  page
    .getByRole('row', { name: text })
    .locator('[data-cell]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-cell')))

test('a ring of 8: three messages, a crash, a part cut off, a restart that catches up, by clicks', async () => {
  const page = await open()
  const view = page.page
  await view.getByRole('button', { name: 'New network' }).click()
  const dialog = view.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Nodes' }).fill('8')
  await dialog.getByRole('combobox').selectOption('ring')
  await dialog.locator('button[type=submit]').click()
  await dialog.waitFor({ state: 'hidden' })
  await view.getByText('8 nodes in a ring').waitFor()
  for (const id of RING) await page.seesNode(id, /running/)

  for (const [id, text] of [
    [0, 'one'],
    [3, 'two'],
    [5, 'three'],
  ] as const)
    await page.say(id, text)
  for (const id of RING) await page.seesNode(id, /3 of 3/)
  await view
    .getByRole('region', { name: 'Measures' })
    .getByText(/median of 3/)
    .waitFor()

  // Nodes 1 and 3 are down, so node 2 is isolated.
  for (const id of [1, 3]) {
    await page.press(id, 'Crash')
    await page.seesNode(id, /crashed/)
  }
  await page.say(0, 'four')
  for (const id of [0, 4, 5, 6, 7]) await page.seesNode(id, /4 of 4/)
  await expect
    .poll(() => cellsOf(page, 'four'))
    .toEqual(['origin', 'lost on the way', 'cut off', 'lost on the way', 'held', 'held', 'held', 'held'])
  await expect
    .poll(async () => (await cellsOf(page, 'one')).slice(0, 4))
    .toEqual(['origin', 'lost copy', 'held', 'lost copy'])

  for (const id of [1, 3]) await page.press(id, 'Restart')
  for (const id of RING) await page.seesNode(id, /4 of 4/)
  await expect.poll(() => cellsOf(page, 'four')).toEqual(['origin', ...Array(7).fill('held')])
  expect(page.errors).toEqual([])
})

test('the same by keys alone: a message, a crash, a cut link, a restart', async () => {
  const page = await open()
  const { keyboard } = page.page
  const say = async (id: number, text: string) => {
    await keyboard.press(`${id}`)
    await page.page.getByRole('region', { name: `Node ${id}`, exact: true }).waitFor()
    await keyboard.press('Enter')
    await keyboard.type(`${text}\n`)
    // Returns to the stage: in a text field, a digit is text and selects no node.
    await keyboard.press('Escape')
  }
  await say(0, 'hello')
  for (const id of [0, 1, 2, 3]) await page.seesNode(id, /1 of 1/)
  await keyboard.press('2')
  await keyboard.press('Alt+x')
  await page.seesNode(2, /crashed/)
  await say(0, 'again')
  await page.seesNode(1, /2 of 2/)
  await expect.poll(() => cellsOf(page, 'again')).toEqual(['origin', 'held', 'lost on the way', 'cut off'])
  await keyboard.press('2')
  await keyboard.press('Alt+r')
  for (const id of [2, 3]) await page.seesNode(id, /2 of 2/)
  await keyboard.press('?')
  await page.page.getByRole('dialog', { name: 'Help' }).waitFor()
  await keyboard.press('Escape')
  expect(page.errors).toEqual([])
})

test('a link is cut and healed by click, and the page says so', async () => {
  const page = await open()
  const link = page.page.locator('[data-link="1-2"]')
  await link.press('Enter')
  const panel = page.page.getByRole('region', { name: 'Link 1 to 2' })
  await panel.getByRole('button', { name: 'Cut', exact: true }).click()
  await page.page.getByRole('button', { name: 'Link 1 to 2, cut' }).waitFor({ state: 'attached' })
  await page.say(0, 'hello')
  await expect.poll(() => cellsOf(page, 'hello')).toEqual(['origin', 'held', 'cut off', 'cut off'])
  await page.page.getByText('Nodes that can reach each other have the same messages.').waitFor({ state: 'attached' })
  await link.press('Enter')
  await panel.getByRole('button', { name: 'Heal' }).click()
  for (const id of [2, 3]) await page.seesNode(id, /1 of 1/)
  // A datagram that the cut link lost is described as of then, now that the link is healed and the message has come.
  await panel.getByRole('button', { name: 'rumor “hello”, node 1 to node 2, lost' }).first().click()
  const datagram = page.page.getByRole('region', { name: 'Datagram' })
  await expect
    .poll(() => datagram.textContent())
    .toMatch(/Meaning when it was sent\s*new to node 2: it would store it[\s\S]*the link was cut/)
})

test('every fault of a link by click, in one direction, on all links, and all undone by one click', async () => {
  const page = await open()
  await page.page.locator('[data-link="0-1"]').press('Enter')
  const panel = page.page.getByRole('region', { name: 'Link 0 to 1' })
  const which = panel.getByRole('combobox', { name: 'direction' })
  const set = async (values: Readonly<Record<string, string>>) => {
    for (const [label, value] of Object.entries(values)) await panel.getByLabel(label).fill(value)
    await panel.getByRole('button', { name: 'Set' }).click()
  }
  const seesLink = (name: string) => page.page.getByRole('button', { name }).waitFor({ state: 'attached' })
  await which.selectOption('1 → 0 only')
  await set({ 'delay, ms': '30', 'jitter, ms': '5', 'reorder, %': '10' })
  await seesLink('Link 0 to 1, 0→1 0 ms; 1→0 30 ms + up to 5 ms, reorder 10 %')
  await which.selectOption('all links')
  await set({ 'loss, %': '20', 'duplicate, %': '5' })
  await seesLink('Link 2 to 3, 0 ms, loss 20 %, duplicate 5 %')
  await set({ 'delay, ms': '10' })
  await seesLink('Link 2 to 3, 10 ms, loss 20 %, duplicate 5 %')
  await page.select(2)
  await page.page.getByText('Misbehaviour').click()
  await page.page.getByRole('checkbox', { name: /^hoard/ }).click()
  await page.seesNode(2, /set to hoard/)
  await page.page.getByRole('button', { name: /^Heal everything/ }).click()
  await seesLink('Link 0 to 1, 10 ms')
  await seesLink('Link 2 to 3, 10 ms')
  await page.seesNode(2, /0 messages$/)
  expect(page.errors).toEqual([])
})

test('curves and events: a choice in the table opens its panel', async () => {
  const page = await open()
  await page.say(0, 'hello')
  await page.seesNode(3, /1 of 1/)
  await page.page.getByRole('tab', { name: 'Curves' }).click()
  await page.page.getByRole('img', { name: /Nodes reached against time. hello: [\d.]+ m?s/ }).waitFor()
  await page.page.getByRole('tab', { name: 'Events' }).click()
  await page.page.getByRole('combobox', { name: 'Kind of event' }).selectOption('stored')
  await page.page.getByRole('combobox', { name: 'Node' }).selectOption('node 3')
  await page.page.locator('button[role=option]', { hasText: '“hello” from node 2' }).click()
  await page.page.getByRole('region', { name: 'Message hello' }).waitFor()
})

test('on a phone with less motion: selecting a node shows its panel, and a lesson shows the stage', async () => {
  const page = await open({ viewport: { width: 360, height: 740 }, hasTouch: true, reducedMotion: 'reduce' })
  await page.node(2).tap()
  const panel = page.page.getByRole('region', { name: 'Node 2', exact: true })
  await expect.poll(async () => (await panel.boundingBox())?.y ?? Number.POSITIVE_INFINITY).toBeLessThan(700)
  await expect.poll(() => page.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})

test('in a lesson, a click on a node shows it with its message field, and the lesson comes back unchanged', async () => {
  const page = await open({}, 3)
  const view = page.page
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  const { title, scenes } = lessonNamed('coin')
  const asked = scenes[1]?.question
  await view.getByRole('listitem').getByRole('button', { name: title }).click()
  await view.getByRole('button', { name: 'Next', exact: true }).click()
  const question = view.getByText(asked?.text ?? '')
  await question.waitFor()
  // Hands are counted by buttons with short names.
  const hands = view.getByRole('group', { name: `Hands for: ${asked?.choices[0]?.text}` })
  for (const name of ['+1 hand', '+1 hand', '−1 hand']) await hands.getByRole('button', { name, exact: true }).click()
  await expect.poll(() => hands.getByRole('status', { name: 'Hands' }).textContent()).toBe('1')

  const panel = await page.select(2)
  await question.waitFor({ state: 'hidden' })
  const field = panel.getByRole('textbox', { name: 'Message text' })
  await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true)
  await view.keyboard.type('aside\n')
  await page.seesNode(2, /1 of 1/)
  // A remote comes back to the lesson first, and goes on with the next press.
  await view.keyboard.press('PageDown')
  await question.waitFor()
  await expect.poll(() => hands.getByRole('status', { name: 'Hands' }).textContent()).toBe('1')
  await view.locator('[data-link="0-1"]').press('Enter')
  await view.getByRole('region', { name: 'Link 0 to 1' }).waitFor()
  await view.getByRole('button', { name: 'Back to lessons' }).click()
  await question.waitFor()
  await page.select(1)
  // The button opens the lessons; it does not close them, although a lesson is open behind the panel.
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  await question.waitFor()
  expect(page.errors).toEqual([])
})

test('at 1280x720 space-time shows the run of a scene while the lesson explains it', async () => {
  const page = await open({ reducedMotion: 'reduce' }, 3)
  const view = page.page
  const diagram = view.getByRole('img', { name: /^Space-time diagram/ })
  await view.getByRole('tab', { name: 'Curves' }).click()
  const lesson = await LessonDriver.open(page)
  await lesson.begin('ring')
  const isInSight = () =>
    diagram.evaluate((element) => {
      const { left, top, width, height, bottom } = element.getBoundingClientRect()
      const seen = document.elementFromPoint(left + width / 2, top + height / 2)
      return height >= 150 && bottom <= innerHeight && seen !== null && element.contains(seen)
    })
  await lesson.run()
  await expect.poll(isInSight).toBe(true)
  // Another view is possible; the next explanation brings the run back.
  await view.getByRole('tab', { name: 'Curves' }).click()
  await lesson.next()
  await lesson.predict('right')
  await expect.poll(isInSight).toBe(true)
  expect(page.errors).toEqual([])
})
