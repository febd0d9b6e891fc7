/**
 * `npm run screenshots`: pictures of the page on labs of its own. Those of the README go to docs/, one for each other
 * story, screen and colour to test-results/screenshots, to be looked at. `-- ring docs laptop` takes only those stories,
 * and only on that screen.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { startLab, type TestLab } from '../support/lab.ts'
import { LabPage } from '../support/lab-page.ts'
import { STORIES, type Story } from './stories.ts'

/** This file runs as dist/server/screenshots.js. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const DOCS = join(root, 'docs')
const SHEETS = join(root, 'test-results/screenshots')

const SCREENS = {
  laptop: { viewport: { width: 1280, height: 720 } },
  projector: { viewport: { width: 1920, height: 1080 } },
  tablet: { viewport: { width: 820, height: 1180 }, hasTouch: true },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
}
const COLOURS = ['light', 'dark'] as const

const wanted = process.argv.slice(2)
const screens = Object.entries(SCREENS).filter(([name]) => wanted.includes(name))
const stories = wanted.filter((name) => !Object.hasOwn(SCREENS, name))
const isWanted = (name: string) => stories.length === 0 || stories.includes(name)
const browser = await launchBrowser()
try {
  await mkdir(DOCS, { recursive: true })
  await mkdir(SHEETS, { recursive: true })
  if (isWanted('docs')) await takeForDocs(browser)
  for (const [name, story] of Object.entries(STORIES)) {
    if (!isWanted(name)) continue
    // One picture that could not be taken is told, and the others are taken.
    await takeAll(browser, name, story).catch((error: unknown) => {
      console.error(`${name}: ${error}`)
      process.exitCode = 1
    })
  }
} finally {
  await browser.close()
}

/** All at one moment of one story, so that they show the same. */
async function takeForDocs(browser: Browser) {
  const sharp = { ...SCREENS.laptop, deviceScaleFactor: 1.5 }
  await withLab(STORIES.report, async (lab) => {
    await STORIES.report.prepare(lab)
    const pages = await Promise.all([
      LabPage.open(browser, lab.url, { ...sharp, colorScheme: 'light' }),
      LabPage.open(browser, lab.url, { ...sharp, colorScheme: 'dark' }),
      LabPage.open(browser, lab.url, { ...SCREENS.phone, colorScheme: 'light' }),
    ])
    // A phone would scroll to what is chosen; its picture begins at the top.
    for (const page of pages.slice(0, 2)) await STORIES.report.choose(page)
    await STORIES.report.act(lab)
    await Promise.all(pages.map((page) => STORIES.report.sees(page)))
    const files = ['page-light.png', 'page-dark.png', 'phone.png']
    await Promise.all(pages.map(({ page }, index) => page.screenshot({ path: join(DOCS, files[index] ?? '') })))
    for (const page of pages) await page.close()
  })
}

async function takeAll(browser: Browser, name: string, story: Story) {
  await withLab(story, async (lab) => {
    await story.prepare(lab)
    for (const [screen, options] of screens.length > 0 ? screens : Object.entries(SCREENS))
      for (const colorScheme of COLOURS) {
        const page = await LabPage.open(browser, lab.url, { ...options, colorScheme })
        await story.choose(page)
        await story.act(lab)
        await story.sees(page)
        const path = join(SHEETS, `${name}-${screen}-${colorScheme}.png`)
        // A phone scrolls: the whole of it is to be looked at.
        await page.page.screenshot({ path, fullPage: screen === 'phone' || screen === 'tablet' })
        for (const error of page.errors) console.error(`${path}: ${error}`)
        await page.close()
      }
  })
  console.log(`${name}: ${SHEETS}`)
}

async function withLab(story: Story, use: (lab: TestLab) => Promise<void>) {
  const lab = await startLab(story.lab)
  try {
    await use(lab)
  } finally {
    await lab.stop()
  }
}
