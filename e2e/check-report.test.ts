/** Tests the HTML report of `rumorscope check` as a person opens it: a file, in a browser, on a desk and on a phone. */
import { readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, onTestFinished, test } from 'vitest'
import { htmlReport } from '../server/check/report/html.ts'
import { EXAMPLE } from '../server/test-support/check-results.ts'
import { folderOfTest } from '../server/test-support/runtime.ts'
import { savedFile } from './support/share.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { expectNone } from './support/violations.ts'

const RECORDING = readFileSync(join(import.meta.dirname, 'frozen/recordings/lab.jsonl'), 'utf8')

test.each([
  ['a desk', 1280, 'light'],
  ['a phone at night', 390, 'dark'],
] as const)('the report of a check is readable on %s, and saves its recordings', async (_, width, colorScheme) => {
  const file = join(await folderOfTest(), 'report.html')
  writeFileSync(
    file,
    htmlReport(EXAMPLE, () => RECORDING),
  )
  const browser = await sharedBrowser()
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
  const problems: string[] = []
  page.on('console', (message) => problems.push(message.text()))
  await page.goto(pathToFileURL(file).href)
  await expectNone(new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }))
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Save the recording').click()])
  expect(await readFile(await savedFile(download), 'utf8')).toBe(RECORDING)
  expect(problems).toEqual([])
})
