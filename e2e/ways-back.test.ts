/** Tests the ways back: how the page restores the losses by a click, a reload, or the end of the lab. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import type { Scene } from '../shared/language/lesson.ts'
import { fold } from '../shared/model/fold.ts'
import { readRecording } from '../shared/wire/recording-reader.ts'
import { LabPage } from './support/lab-page.ts'
import { choiceOf, LessonDriver, lessonNamed } from './support/lesson-driver.ts'
import { answered } from './support/settled.ts'
import { savedFile } from './support/share.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { expectNoViolation } from './support/violations.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function open(options: Parameters<typeof LabPage.open>[2] = {}, nodes = 4) {
  const lab = await startLab({ nodes, linkDelayMs: 0 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, options)
  onTestFinished(() => page.close())
  return { lab, page }
}

const seesNetwork = ({ page }: LabPage, words: string) => page.getByText(words, { exact: true }).waitFor()

test('a network and a fault can be undone, whatever their source, with the earlier settings and faults', async () => {
  const { lab, page } = await open()
  const view = page.page
  const undo = view.getByRole('button', { name: 'Undo' })
  await page.type('set antiEntropyMs=600000')
  await page.type('link 0 1 cut')
  await page.type('link 1 2 loss 20')
  // Exactly that one: the link that was cut before it stays cut.
  await view.getByText('Undo runs link 1 2 heal').waitFor()
  await undo.click()
  await page.seesCommand(/^link 1 2 heal$/)
  await view.getByRole('button', { name: 'Link 0 to 1, cut' }).waitFor({ state: 'attached' })
  await page.say(3, 'hello')
  await page.seesNode(1, /1 of 1/)
  await page.type('network 6 ring antiEntropyMs=1000')
  await seesNetwork(page, '6 nodes in a ring')
  await view
    .getByText(
      'The network was replaced. Undo restores the previous one: 4 nodes on a line, 0 ms per link, anti-entropy 600 s, ',
    )
    .getByText('link 0–1 cut, without its message.')
    .waitFor()
  // A reload does not remove it.
  await view.reload()
  await undo.click()
  await seesNetwork(page, '4 nodes on a line')
  await view.getByRole('button', { name: 'Link 0 to 1, cut' }).waitFor({ state: 'attached' })
  await view.getByText('anti-entropy 600 s').first().waitFor()
  await page.seesNode(3, /0 messages$/)

  await view.getByRole('button', { name: 'New network' }).click()
  await view.getByRole('dialog').getByRole('textbox', { name: 'Nodes' }).fill('5')
  await view.getByRole('dialog').locator('button[type=submit]').click()
  await view.getByRole('dialog').waitFor({ state: 'hidden' })
  await seesNetwork(page, '5 nodes on a line')
  await view.getByText('Undo restores the previous one: 4 nodes on a line').waitFor()
  await view.keyboard.press('Alt+z')
  await seesNetwork(page, '4 nodes on a line')

  // The undo has ended: later actions are done to that network.
  await view.getByText('Undo restores the previous one: 5 nodes on a line').waitFor()
  // Somebody else makes another network: there is nothing to heal in that one.
  await page.type('link 2 3 cut')
  await view.getByText('Undo runs link 2 3 heal').waitFor()
  await lab.command('network 3 star')
  await seesNetwork(page, '3 nodes in a star')
  await view.getByText('Undo runs').waitFor({ state: 'detached' })
  expect(page.errors).toEqual([])
})

test('a reload in the middle of a lesson restores its scene, and the previous network is still offered', async () => {
  const { page } = await open({ reducedMotion: 'reduce' }, 3)
  const view = page.page
  await page.type('link 1 2 cut')
  const lesson = await LessonDriver.open(page)
  await lesson.begin('crash')
  await seesNetwork(page, '4 nodes on a line')
  const replaced = view.getByText('The network was replaced.')
  await answered(view)
  expect(await replaced.count()).toBe(0)
  await view.getByRole('button', { name: /^Send node/ }).waitFor({ state: 'detached' })
  await lesson.run()
  await lesson.next()
  const { title, scenes } = lessonNamed('crash')
  const [, , crash, restart] = scenes
  if (!crash || !restart) throw new Error('no scenes')
  const panel = view.getByRole('region', { name: `Lesson 2: ${title}` })
  const rightOf = (scene: Scene) => panel.locator('fieldset button[aria-pressed]').nth(choiceOf(scene, 'right'))
  await rightOf(crash).click()
  await view.reload()
  await panel.getByRole('heading', { level: 2, name: crash.heading }).waitFor()
  await answered(view)
  expect(await replaced.count()).toBe(0)
  await expect.poll(() => rightOf(crash).getAttribute('aria-pressed')).toBe('true')
  await panel.getByRole('button', { name: 'Run it' }).click()
  await panel.getByText(/^Predicted right/).waitFor()

  // An interrupted scene runs again on a proper network.
  await lesson.next()
  await rightOf(restart).click()
  await panel.getByRole('button', { name: 'Run it' }).click()
  await panel.getByText('Running …').waitFor()
  await view.reload()
  await panel.getByText('The page was reloaded or the lab restarted while this lesson ran.').waitFor()
  await panel.getByRole('button', { name: 'Run it' }).click()
  await panel.getByText(/^Predicted right/).waitFor()

  await panel.getByRole('button', { name: 'Leave the lesson' }).click()
  await view.getByText('3 nodes on a line, 0 ms per link, link 1–2 cut', { exact: true }).waitFor()
  await view.getByRole('button', { name: 'Keep this network as it is' }).click()
  await view.getByText('Undo restores the previous one: 3 nodes on a line, 0 ms per link, link 1–2 cut.').waitFor()
  await view.getByRole('button', { name: 'Undo' }).click()
  await seesNetwork(page, '3 nodes on a line')
  await view.getByRole('button', { name: 'Link 1 to 2, cut' }).waitFor({ state: 'attached' })
  await view.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()

  // A return to the previous network replaces nothing worth restoring.
  await view.getByRole('button', { name: 'Dismiss' }).click()
  await lesson.begin('crash')
  await seesNetwork(page, '4 nodes on a line')
  await panel.getByRole('button', { name: 'Leave the lesson' }).click()
  await view.getByRole('button', { name: 'Restore the previous network' }).click()
  await seesNetwork(page, '3 nodes on a line')
  await view.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()
  await answered(view)
  expect(await replaced.count()).toBe(0)
  expect(page.errors).toEqual([])
})

test('a vanished lab can be saved, and so can it when another one has come, which is announced', async () => {
  const { lab, page } = await open({}, 3)
  const undo = page.page.getByRole('button', { name: 'Undo' })
  await page.type('network 3 line')
  await undo.waitFor()
  await page.say(0, 'lecture')
  await page.seesNode(2, /1 of 1/)
  const saved = async (button: string) => {
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.page.getByRole('button', { name: button }).click(),
    ])
    const outcome = readRecording(await readFile(await savedFile(download), 'utf8'))
    if (!outcome.ok) throw new Error(outcome.error)
    return outcome.recording
  }
  const folder = join(lab.runtime, 'rumorscope')
  const recorded = async () =>
    (await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))).join('')
  await expect.poll(() => recorded().catch(() => '')).toContain('"text":"lecture"')
  lab.child.kill('SIGKILL')
  await page.page.getByText('The page shows its last known state.').waitFor()
  await undo.waitFor({ state: 'detached' })
  const old = await saved('Save what this page has')
  expect(fold(old.base, old.events).messages.map(({ text }) => text)).toEqual(['lecture'])

  const next = await startLab({
    nodes: 2,
    port: Number(new URL(lab.url).port),
    env: { XDG_STATE_HOME: lab.runtime },
  })
  onTestFinished(() => next.stop())
  await page.page.getByText('The lab was restarted. This page shows the new lab.').waitFor()
  await page.page.getByText('2 nodes on a line').waitFor()
  expect(await saved('Save the old lab')).toEqual(old)
  await expectNoViolation(page)
  await page.page.getByRole('button', { name: 'Open the last lab’s recording' }).click()
  await page.page.getByText(/^Recording of .*: the last lab\. Opened at its first message, [0-9.]+ s\./).waitFor()
  await page.page.keyboard.press('End')
  await page.seesNode(2, /1 of 1/)
  await page.page.getByRole('button', { name: 'Back to the live lab' }).click()
  // A newly opened page has not seen the previous lab, and is offered its recording.
  const other = await LabPage.open(browser, next.url)
  onTestFinished(() => other.close())
  await other.page.getByText(/^The last lab ended on /).waitFor()
  await expectNoViolation(other)
  await other.page.getByRole('button', { name: 'Dismiss' }).click()
  await other.page.reload()
  await other.node(0).waitFor()
  await answered(other.page)
  expect(await other.page.getByText(/^The last lab ended on /).count()).toBe(0)
  expect(other.errors).toEqual([])
})
