/** Takes one story on every screen, in both colours. */
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { LabPage } from '../support/lab-page.ts'
import type { Story } from './story.ts'

const touch = { hasTouch: true, isMobile: true }

export const SCREENS = {
  laptop: { viewport: { width: 1280, height: 720 } },
  projector: { viewport: { width: 1920, height: 1080 } },
  tablet: { viewport: { width: 768, height: 1024 }, ...touch },
  landscape: { viewport: { width: 1024, height: 768 }, ...touch },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, ...touch },
} satisfies Readonly<Record<string, BrowserContextOptions>>

export type ScreenName = keyof typeof SCREENS
export const SCREEN_NAMES = Object.keys(SCREENS) as readonly ScreenName[]

const COLOURS = ['light', 'dark'] as const

export interface Shot {
  readonly screen: ScreenName
  readonly file: string
}

/** All pages at one moment, so that they show the same. Returns the pictures' names. */
export async function takeStory(
  browser: Browser,
  { name, story, screens, folder }: { name: string; story: Story; screens: readonly ScreenName[]; folder: string },
): Promise<Shot[]> {
  return withLab(story, browser, async (lab) => {
    const shots: Shot[] = []
    for (const together of story.inTurn ? screens.map((screen) => [screen]) : [screens]) {
      const pages = await Promise.all(together.map((screen) => openPage(browser, lab, story, SCREENS[screen])))
      for (const page of pages) await story.choose(page)
      await story.act(lab)
      await Promise.all(pages.map((page) => story.sees(page)))
      const taken = pages.map((page, index) => take(page, folder, name, together[index] ?? 'laptop'))
      shots.push(...(await Promise.all(taken)).flat())
      for (const page of pages) {
        for (const error of story.complains ? [] : page.errors) console.error(`${name}: ${error}`)
        await page.close()
      }
    }
    return shots
  })
}

export async function withLab<Result>(story: Story, browser: Browser, use: (lab: TestLab) => Promise<Result>) {
  const lab = await startLab(story.lab)
  try {
    await story.prepare(lab, browser)
    return await use(lab)
  } finally {
    // Also those that belong to the story.
    await Promise.all(browser.contexts().map((context) => context.close()))
    await lab.stop()
  }
}

export async function openPage(browser: Browser, lab: TestLab, story: Story, options: BrowserContextOptions) {
  const page = await LabPage.blank(browser, { colorScheme: 'light', ...options })
  await story.meet?.(page.page)
  await page.page.goto(story.address?.(lab) ?? lab.url)
  await (story.arrive ? story.arrive(page) : page.node(0).waitFor())
  return page
}

async function take({ page }: LabPage, folder: string, name: string, screen: ScreenName): Promise<Shot[]> {
  const shots: Shot[] = []
  for (const colorScheme of COLOURS) {
    await page.emulateMedia({ colorScheme })
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor({ state: 'attached' })
    const least = await page.evaluate(() => scrollY)
    for (let place = 1; place === 1 || (await scrollOn(page)); place += 1) {
      const file = `${name}-${screen}-${colorScheme}${place === 1 ? '' : `-${place}`}.png`
      await drawn(page)
      await page.screenshot({ path: join(folder, file) })
      shots.push({ screen, file })
    }
    await page.evaluate((top) => scrollTo(0, top), least)
  }
  return shots
}

/**
 * Scrolls as a person would who wants to miss nothing. Returns false at the end of the page, and if nothing scrolls.
 */
const scrollOn = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const before = scrollY
    const foot = document.querySelector('footer')?.offsetHeight ?? 0
    if (!document.querySelector('[role="dialog"]')) scrollBy(0, innerHeight - foot)
    return scrollY > before
  })

/** A view that has come into sight is drawn with the next frames. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60))))
