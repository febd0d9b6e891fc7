import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const LOOK_EVERY_MS = 100

/** Reads until two consecutive readings are equal, and returns that value, for comparison with a later reading. */
export async function settled<T>(read: () => Promise<T>): Promise<T> {
  let last = await read()
  await expect
    .poll(async () => {
      await sleep(LOOK_EVERY_MS)
      const before = JSON.stringify(last)
      last = await read()
      return JSON.stringify(last) === before
    })
    .toBe(true)
  return last
}

/** Resolves when the page has drawn everything received so far: an element that is missing then will not come. */
export const drawn = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )

/** As `drawn`, after the lab has answered all earlier questions of the page. */
export async function answered(page: Page): Promise<void> {
  await page.evaluate(async () => void (await fetch('/api/health')))
  await drawn(page)
}
