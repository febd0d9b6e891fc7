/** Measures the page in a real Chromium, which draws in software: its load, its latency and its smoothness. */
import type { Browser } from 'playwright-core'
import { type LabOptions, startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import { launchBrowser } from '../support/browser.ts'
import { LabPage } from '../support/lab-page.ts'
import type { Measurement } from './measurement.ts'
import { burstOnPage } from './page-burst.ts'
import { framesOfPage } from './page-frames.ts'
import { latencyOfPage } from './page-latency.ts'
import { loadOfPage } from './page-load.ts'

export async function page(): Promise<readonly Measurement[]> {
  const browser = await launchBrowser()
  try {
    return [
      await withLab(browser, { nodes: 4, linkDelayMs: 0 }, loadOfPage),
      await withLab(browser, { nodes: 4, linkDelayMs: 50 }, latencyOfPage),
      await withLab(browser, { nodes: 64, topology: 'random', linkDelayMs: 3_000 }, framesOfPage),
      await withLab(browser, { nodes: 4, linkDelayMs: 50 }, burstOnPage),
    ]
  } finally {
    await browser.close()
  }
}

async function withLab(
  browser: Browser,
  options: LabOptions,
  measure: (page: LabPage, lab: TestLab) => Promise<Measurement>,
): Promise<Measurement> {
  const lab = await startLab(options)
  const page = await LabPage.open(browser, lab.url)
  try {
    return await measure(page, lab)
  } finally {
    await page.close()
    await lab.stop()
  }
}
