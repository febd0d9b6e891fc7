/** Tests that axe-core finds no violation, in dark and light, on a projector and a phone, in every view and dialog. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { lessonNamed } from './support/lesson-driver.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { expectNone, expectNoViolation } from './support/violations.ts'

let browser: Browser
let lab: TestLab
beforeAll(async () => {
  browser = await sharedBrowser()
  lab = await startLab({ linkDelayMs: 0 })
  const lines = ['0 msg 1 hello', '1 msg 1 world', '2 crash', 'link 0>1 cut', 'link 0 1 loss 20', 'node 3 hoard on']
  for (const line of lines) await lab.command(line)
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})

const openTab = (name: string) => (page: LabPage) => page.page.getByRole('tab', { name }).click()

/** States of the page, and how to reach each from the one before, with no dialog open. */
const SIGHTS: Readonly<Record<string, (page: LabPage) => Promise<void>>> = {
  'the page as it opens': async () => {},
  'a node that runs': async (page) => void (await page.select(0)),
  'a node that has crashed': async (page) => void (await page.select(2)),
  'a node that misbehaves': async (page) => void (await page.select(3)),
  'a link that is not as it should be': (page) => page.page.locator('[data-link="0-1"]').press('Enter'),
  'what is held': async (page) => {
    for (const line of ['hold timers on', 'hold on']) await lab.command(line)
    await lab.command('1 msg 1 held')
    await page.page
      .getByRole('button', { name: /^Held / })
      .first()
      .press('Enter')
    await page.page.getByRole('region', { name: 'Held datagrams' }).waitFor()
  },
  'space-time as a table': async ({ page }) => {
    await page.getByRole('button', { name: 'Show as a table' }).click()
    await page.getByRole('region', { name: 'Space-time table' }).waitFor()
  },
  curves: openTab('Curves'),
  events: openTab('Events'),
  'the view paused in the past': async (page) => {
    await page.page.keyboard.press('.')
    await page.page.keyboard.press('Shift+ArrowLeft')
  },
  'projector mode': (page) => page.page.keyboard.press('p'),
  'the console': (page) => page.openConsole(),
  'the share dialog': (page) => open(page, 'Share'),
  'the help dialog': (page) => open(page, 'Help'),
  'the new network dialog': (page) => open(page, 'New network'),
  'the invitation': (page) => open(page, 'Invite'),
}

async function open(page: LabPage, button: string) {
  await page.page.getByRole('button', { name: button }).click()
  await page.page.getByRole('dialog').waitFor()
}

const SCREENS = { 'a projector': { width: 1280, height: 720 }, 'a phone': { width: 360, height: 740 } }

const CASES = Object.entries(SCREENS).flatMap(([screen, viewport]) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ screen, viewport, colorScheme })),
)

const LESSON = lessonNamed('babble')
const fileOf = (...lines: readonly string[]) => ({
  name: 'own.scenario',
  mimeType: 'text/plain',
  buffer: Buffer.from(lines.join('\n')),
})
const press = (name: string) => (page: LabPage) => page.page.getByRole('button', { name, exact: true }).click()
const choose =
  (...lines: readonly string[]) =>
  async (page: LabPage) => {
    if (await page.page.getByRole('button', { name: 'Close the scenario' }).isVisible())
      await press('Close the scenario')(page)
    if (!(await page.page.getByRole('heading', { name: 'Lessons', exact: true }).isVisible()))
      await press('Lessons')(page)
    await page.page.locator('input[type=file]').setInputFiles(fileOf(...lines))
    await page.page.getByRole('heading', { name: 'own.scenario' }).waitFor()
  }

const LESSON_SIGHTS: typeof SIGHTS = {
  'the list of lessons': press('Lessons'),
  'a question': async ({ page }) => {
    await page.getByRole('checkbox').check()
    await page.getByRole('button', { name: LESSON.title }).click()
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    const choices = LESSON.scenes[1]?.question?.choices
    const wrong = choices?.find(({ right }) => !right)
    await page.getByRole('button', { name: wrong?.text ?? '', exact: true }).click()
  },
  'a node that is chosen in a lesson': async (page) => void (await page.select(1)),
  'an answer and its figures': async (page) => {
    await press('Back to lessons')(page)
    await press('Run it')(page)
    await page.page.getByRole('button', { name: 'Sum up' }).waitFor()
  },
  'the end of a lesson': press('Sum up'),
  'leaving a lesson': press('Leave the lesson'),
  'a scenario that makes no sense': async (page) => {
    await press('Keep this network as it is')(page)
    await page.page.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()
    await choose('0 msg 1 hello', '0 sing')(page)
  },
  'a scenario that has run, and was not as it says': async (page) => {
    await choose('network 2 line', '0 msg 1 hello', 'until copies hello = 2', 'expect 1 chatLog bye')(page)
    await press('Run')(page)
    await page.page.getByText('Done.').waitFor()
  },
}

/** Open to viewers, who may write. */
let classroom: TestLab
beforeAll(async () => {
  classroom = await startLab({ nodes: 2, linkDelayMs: 0, args: ['--host', '0.0.0.0'] })
  for (const line of ['0 msg 1 hello', 'viewers may chat']) await classroom.command(line)
})
afterAll(() => classroom.stop())

test.each(CASES)(
  'a viewer’s page, and the code for others, has no violation on $screen in $colorScheme',
  async (options) => {
    const { viewport, colorScheme } = options
    const look = async (address: string, go: (page: LabPage) => Promise<void>) => {
      const page = await LabPage.open(browser, address, { colorScheme, viewport, reducedMotion: 'reduce' })
      onTestFinished(() => page.close())
      await go(page)
      await expectNone(new AxeBuilder({ page: page.page }))
      expect(page.errors).toEqual([])
    }
    await look(classroom.url, async ({ page }) => {
      await page.getByRole('textbox', { name: 'Your name' }).waitFor()
      await page.getByText('You are watching').waitFor()
    })
    await look(`${classroom.url}/#key=${classroom.key}`, async ({ page }) => {
      await page.getByRole('button', { name: /^Invite/ }).click()
      await page.getByRole('img', { name: /^QR code/ }).waitFor()
    })
  },
)

test.each(['light', 'dark'] as const)('more contrast on request is seven to one, in %s', async (colorScheme) => {
  const page = await LabPage.open(browser, lab.url, { colorScheme, contrast: 'more', reducedMotion: 'reduce' })
  onTestFinished(() => page.close())
  for (const sight of [
    'the page as it opens',
    'a node that runs',
    'a node that has crashed',
    'events',
    'the help dialog',
  ]) {
    await SIGHTS[sight]?.(page)
    await expectNone(new AxeBuilder({ page: page.page }).setLegacyMode().withRules(['color-contrast-enhanced']), sight)
  }
})

test('with the system’s colours, a node’s number is legible, a copy has its colour, and a pressed button differs', async () => {
  const page = await LabPage.open(browser, lab.url, { forcedColors: 'active', colorScheme: 'dark' })
  onTestFinished(() => page.close())
  const view = page.page
  await page.select(0)
  const look = () =>
    view.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('p'))
      const systemColour = (name: string) => {
        probe.style.color = name
        return getComputedStyle(probe).color
      }
      const of = (selector: string) => {
        const found = document.querySelector(selector)
        if (!found) throw new Error(`there is no ${selector}`)
        return getComputedStyle(found)
      }
      return {
        canvas: systemColour('Canvas'),
        text: systemColour('CanvasText'),
        highlight: systemColour('Highlight'),
        body: of('[data-node="1"] circle:last-of-type').fill,
        number: of('[data-node="1"] text:nth-of-type(2)').fill,
        chosen: of('[data-node="0"] circle:last-of-type').fill,
        copy: of('[data-cell="origin"]').backgroundColor,
        tab: of('[role="tab"][data-state="active"]').backgroundColor,
        // The system puts a background of its own behind words; on a highlighted button they would vanish.
        primary: of('button[data-kind="primary"]').forcedColorAdjust,
      }
    })
  await view.locator('[data-cell="origin"]').first().waitFor()
  await expect.poll(look).toSatisfy(({ canvas, text, highlight, body, number, chosen, copy, tab, primary }) => {
    const isAsTheSystems = body === canvas && number === text && chosen === highlight && tab === highlight
    return isAsTheSystems && primary === 'none' && ![canvas, text].includes(copy)
  })
  expect(page.errors).toEqual([])
})

// One page for all sights: opening it takes longer than checking.
test.each(CASES)('no sight on $screen in $colorScheme has a violation', (options) => lookAt(SIGHTS, options))

test.each(CASES)('nor has a lesson or a scenario on $screen in $colorScheme', (options) =>
  lookAt(LESSON_SIGHTS, options),
)

async function lookAt(sights: typeof SIGHTS, { viewport, colorScheme }: (typeof CASES)[number]) {
  const page = await LabPage.open(browser, lab.url, { colorScheme, viewport, reducedMotion: 'reduce' })
  onTestFinished(() => page.close())
  for (const [sight, go] of Object.entries(sights)) {
    await go(page)
    await expectNoViolation(page, sight)
    const dialog = page.page.getByRole('dialog')
    if (!(await dialog.isVisible())) continue
    await page.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }
}
