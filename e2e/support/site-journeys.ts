/** Journeys through the lab without an installation: the same from a folder of a web server and from one file. */
import { expect } from 'vitest'
import { readLibrary } from '../../web/lessons/library.ts'
import { experimentIn } from '../../web/site/experiment-address.ts'
import { walkThrough } from '../walkthrough.ts'
import { askUntil } from './ask-until.ts'
import type { LabPage } from './lab-page.ts'
import { LessonDriver } from './lesson-driver.ts'

/** Types the report's walkthrough into the console. */
export async function walkThroughSite(page: LabPage): Promise<void> {
  await walkThrough(
    {
      async type(line) {
        await page.type(line)
        await page.seesCommand(new RegExp(`^${line}$`))
      },
      chatLog: (id, wanted) => askUntil(page, id, wanted, () => page.type(`${id} get chatLog`)),
    },
    (id) => 20_000 + id,
  )
  for (const node of [0, 1, 2, 3]) await page.seesNode(node, /stopped/)
  expect(page.errors).toEqual([])
}

/** Holds lessons from `from` on, up to `to`; each comes out as its text says. */
export async function holdLessons(page: LabPage, from = 0, to?: number): Promise<void> {
  const driver = await LessonDriver.open(page)
  for (const { file, lesson } of readLibrary().lessons.slice(from, to)) {
    await driver.begin(file.replace(/^.*\/\d+-(.*)\.md$/, '$1'))
    for (const [place, { question, steps }] of lesson.scenes.slice(1).entries()) {
      if (place > 0) await driver.next()
      if (question) await driver.predict('right')
      else if (steps.length > 0) await driver.run()
      expect(await driver.cameOutOtherwise(), `${file}, scene ${place + 2}`).toBe(false)
    }
  }
  expect(page.errors).toEqual([])
}

export async function seesWhatItIs({ page }: LabPage): Promise<void> {
  await page.getByText('simulated, virtual clock').waitFor()
  expect(await page.getByText('real processes').count()).toBe(0)
  expect(await page.getByRole('button', { name: /Invite/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Help' }).click()
  await page.getByText(/same protocol and node code on a virtual clock/).waitFor()
  await page.keyboard.press('Escape')
}

/** Runs to a condition, goes on at another speed, pauses, acts, and opens the link in another page. */
export async function repeatByLink(lab: LabPage, openAgain: (url: string) => Promise<LabPage>): Promise<void> {
  const { page } = lab
  const clock = (one: LabPage) => one.page.locator('[data-time-bar] strong')
  const time = async () => Number(((await clock(lab).textContent()) ?? '').replace(' s', ''))
  await lab.type('0 msg 1 hello')
  await lab.type('until copies hello = 3')
  await page.getByText(/^stopped at/).waitFor()
  await lab.seesNode(2, /1 of 1/)
  await lab.seesNode(3, /0 of 1/)
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await lab.seesNode(3, /1 of 1/)
  await page.getByRole('slider', { name: 'Speed of the clock' }).press('End')
  const before = await time()
  await expect.poll(time).toBeGreaterThan(before + 500)
  await page.getByRole('button', { name: 'Pause the view' }).click()
  await lab.press(1, 'Crash')
  await lab.seesNode(1, /crashed/)
  // The address follows within a second.
  await expect.poll(() => lastCommandIn(page.url())).toBe('1 crash')
  await expect.poll(() => page.url()).toMatch(/&t=/)
  const stopped = await time()
  const again = await openAgain(page.url())
  await again.seesNode(1, /crashed/)
  await expect.poll(() => clock(again).textContent()).toBe(`${stopped.toFixed(3)} s`)
  expect(lab.errors.concat(again.errors)).toEqual([])
}

async function lastCommandIn(url: string): Promise<string | undefined> {
  const experiment = await experimentIn(new URL(url).hash)
  return typeof experiment === 'object' ? experiment?.commands.at(-1)?.line : undefined
}
