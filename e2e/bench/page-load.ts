import type { LabPage } from '../support/lab-page.ts'
import { type Measurement, rounded } from './measurement.ts'

const LIMIT_KB = 250

/** Measures the bytes over the wire until the page is complete, in a browser with an empty cache. */
export async function loadOfPage({ page }: LabPage): Promise<Measurement> {
  // The rest of the first visit must not count with the second.
  await page.waitForLoadState('networkidle')
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  let files = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
    files += 1
  })
  const began = performance.now()
  await page.reload({ waitUntil: 'networkidle' })
  const tookMs = performance.now() - began
  return {
    name: 'page-first-load',
    what: 'bytes over the wire until the page has loaded, headers and fonts included',
    figures: { kB: rounded(bytes / 1_000), files, idleAfterMs: rounded(tookMs) },
    target: `at most ${LIMIT_KB} kB`,
    met: bytes <= LIMIT_KB * 1_000,
  }
}
