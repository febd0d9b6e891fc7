/** Nothing that axe-core finds, in dark and light, with every dialog, and down to a phone. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startLab, type TestLab } from './support/lab.ts'
import { LabPage } from './support/lab-page.ts'

let browser: Browser
let lab: TestLab
beforeAll(async () => {
  browser = await launchBrowser()
  lab = await startLab({ linkDelayMs: 0 })
  await lab.command('0 msg 1 hello')
  await lab.command('1 msg 1 world')
  await lab.command('2 crash')
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})

/** What somebody may have open, and how they get there. */
const SIGHTS: Readonly<Record<string, (page: LabPage) => Promise<void>>> = {
  'the page as it opens': async () => {},
  'a node that runs': async (page) => void (await page.select(0)),
  'a node that has crashed': async (page) => void (await page.select(2)),
  'the console': (page) => page.openConsole(),
  'the new network dialog': (page) => open(page, 'New network'),
  'the help dialog': (page) => page.page.keyboard.press('?'),
}

async function open(page: LabPage, button: string) {
  await page.page.getByRole('button', { name: button }).click()
  await page.page.getByRole('dialog').waitFor()
}

const SCREENS = { 'a projector': { width: 1280, height: 720 }, 'a phone': { width: 360, height: 740 } }

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  describe.each(Object.entries(SCREENS))('on %s', (_screen, viewport) => {
    test.each(Object.entries(SIGHTS))('%s has no violation', async (_sight, go) => {
      const page = await LabPage.open(browser, lab.url, { colorScheme, viewport, reducedMotion: 'reduce' })
      try {
        await go(page)
        const { violations } = await new AxeBuilder({ page: page.page }).analyze()
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
      } finally {
        await page.close()
      }
    })
  })
})
