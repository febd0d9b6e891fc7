/**
 * `npm run screenshots`: takes pictures of the page on labs of its own. Those of the README go to docs/, every story on
 * every screen in both colours to test-results/screenshots: index.html there shows them all. `-- ring docs laptop`
 * takes only those stories, and only on that screen.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { report } from './networks.ts'
import { openPage, SCREEN_NAMES, SCREENS, type Shot, takeStory, withLab } from './pictures.ts'
import { STORIES } from './stories.ts'

/** This file runs as dist/server/screenshots.js. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const DOCS = join(root, 'docs')
const SHEETS = join(root, 'test-results/screenshots')

const wanted = process.argv.slice(2)
const some = SCREEN_NAMES.filter((name) => wanted.includes(name))
const screens = some.length > 0 ? some : SCREEN_NAMES
const stories = wanted.filter((name) => !Object.hasOwn(SCREENS, name))
const unknown = stories.filter((name) => name !== 'docs' && !Object.hasOwn(STORIES, name))
const isWanted = (name: string) => stories.length === 0 || stories.includes(name)

if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', no ')}. There are docs, ${Object.keys(STORIES).join(', ')}.`)
  process.exitCode = 2
} else await takeAll()

async function takeAll() {
  const browser = await launchBrowser()
  try {
    await mkdir(DOCS, { recursive: true })
    await mkdir(SHEETS, { recursive: true })
    if (isWanted('docs')) await takeForDocs(browser)
    const rows: string[] = []
    for (const [name, story] of Object.entries(STORIES)) {
      if (!isWanted(name)) continue
      // A picture that fails is reported, and the others are taken.
      const shots = await takeStory(browser, { name, story, screens, folder: SHEETS }).catch((error: unknown) => {
        console.error(`${name}: ${error}`)
        process.exitCode = 1
        return []
      })
      rows.push(rowOf(name, shots))
      console.log(`${name}: ${shots.length} pictures`)
    }
    await writeFile(join(SHEETS, 'index.html'), sheetOf(rows))
    console.log(`Look at ${join(SHEETS, 'index.html')}`)
  } finally {
    await browser.close()
  }
}

/** All at one moment of one story, so that they show the same. */
async function takeForDocs(browser: Browser) {
  const sharp = { ...SCREENS.laptop, deviceScaleFactor: 1.5 }
  await withLab(report, browser, async (lab) => {
    const pages = await Promise.all([
      openPage(browser, lab, report, { ...sharp, colorScheme: 'light' }),
      openPage(browser, lab, report, { ...sharp, colorScheme: 'dark' }),
      openPage(browser, lab, report, SCREENS.phone),
    ])
    // A phone would scroll to the selection; its picture begins at the top.
    for (const page of pages.slice(0, 2)) await report.choose(page)
    await report.act(lab)
    await Promise.all(pages.map((page) => report.sees(page)))
    const files = ['page-light.webp', 'page-dark.webp', 'phone.webp']
    const pictures = await Promise.all(pages.map(({ page }) => page.screenshot()))
    for (const [index, picture] of pictures.entries())
      await writeFile(join(DOCS, files[index] ?? ''), await smaller(browser, picture))
  })
}

/** The browser's own codec: a third of the bytes, and no visible difference. */
async function smaller(browser: Browser, png: Buffer): Promise<Buffer> {
  const page = await browser.newPage()
  const webp = await page.evaluate(
    async (source) => {
      const picture = new Image()
      picture.src = source
      await picture.decode()
      const canvas = document.createElement('canvas')
      canvas.width = picture.width
      canvas.height = picture.height
      canvas.getContext('2d')?.drawImage(picture, 0, 0)
      return canvas.toDataURL('image/webp', 0.9)
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
  await page.close()
  return Buffer.from(webp.slice(webp.indexOf(',') + 1), 'base64')
}

function rowOf(name: string, shots: readonly Shot[]): string {
  const pictures = shots.map(({ file }) => `<a href="${file}"><img loading="lazy" src="${file}" alt="${file}"></a>`)
  return `<h2>${name}</h2>\n${pictures.join('\n')}`
}

function sheetOf(rows: readonly string[]): string {
  return `<!doctype html><meta charset="utf-8"><title>Rumorscope in pictures</title>
<style>body{background:#888;font:14px sans-serif}img{height:320px;margin:4px;vertical-align:top}</style>
${rows.join('\n')}\n`
}
