/** Tests all lessons in a row, opened by a click, by the keys of a presentation remote alone, as a hall sees them. */
import { expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { readLibrary } from '../web/lessons/library.ts'
import { expectInSight } from './support/in-sight.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { takeStepPicture } from './support/step-picture.ts'

const BUSY = /…$/

test('all lessons by Page down alone, in projector mode, with a reload in the middle: each step is in sight', async () => {
  const browser = await sharedBrowser()
  onTestFinished(() => browser.close())
  const lab = await startLab({ nodes: 3, linkDelayMs: 30 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  const view = page.page
  await view.keyboard.press('p')
  await view.getByRole('button', { name: 'Lessons', exact: true }).click()
  await view.getByRole('checkbox', { name: /Ten times as fast/ }).check()
  await view.getByRole('listitem').getByRole('button').first().click()

  const panel = view.getByRole('region', { name: /^Lesson \d+:/ })
  const next = panel.getByRole('button').last()
  const column = view.locator('aside').filter({ has: panel })
  const scroll = () =>
    column.evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({
      top: scrollTop,
      isAtEnd: scrollTop + clientHeight >= scrollHeight - 1,
    }))
  const { lessons } = readLibrary()
  const summed: string[] = []
  let isReloaded = false
  for (let press = 0; ; press += 1) {
    await expect.poll(() => next.textContent(), { timeout: 90_000 }).not.toMatch(BUSY)
    const lesson = (await panel.getAttribute('aria-label')) ?? ''
    const where = `press ${press}, ${lesson}`
    const heading = panel.getByRole('heading', { level: 2 })
    const { top, isAtEnd } = await scroll()
    if (top === 0) await expectInSight(heading, where)
    await expectInSight(view.locator('[data-node]'), where)
    await expectInSight(view.getByRole('slider', { name: 'Instant shown' }), where)
    const figures = panel.getByRole('list', { name: 'Measured in this run' })
    if (isAtEnd && (await figures.count()) > 0) await expectInSight(figures.last(), where)
    await takeStepPicture(view, String(press).padStart(3, '0'))

    const isHalfway = summed.length >= lessons.length / 2
    if (isHalfway && !isReloaded && (await next.textContent()) === 'Next' && (await figures.count()) > 0) {
      isReloaded = true
      const explained = await heading.textContent()
      await view.reload()
      await panel.getByRole('heading', { level: 2, name: explained ?? '' }).waitFor()
      await expectInSight(figures.last(), `${where}, after a reload`)
      await view.locator('html[data-projector=true]').waitFor()
      continue
    }
    if (isAtEnd && (await heading.textContent()) === 'Take home') summed.push(lesson)
    if (summed.length === lessons.length) break
    const seen = async () => `${(await scroll()).top} ${await panel.textContent()}`
    const before = await seen()
    await view.keyboard.press('PageDown')
    // Each press shows something.
    await expect.poll(seen, { message: where }).not.toBe(before)
  }
  expect(isReloaded).toBe(true)
  expect(summed).toEqual(lessons.map(({ lesson }, place) => `Lesson ${place + 1}: ${lesson.title}`))
  expect(page.errors).toEqual([])
}, 600_000)
