import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const LOOK_EVERY_MS = 100

/** Reads until two readings in a row are the same, and returns that one: for what a test compares with a later reading. */
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

/** Resolves when the page has drawn all that it was told so far: after it, a thing that is not there does not come. */
export const drawn = (page: Page): Promise<void> =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )

/** As `drawn`, and the lab has answered all that the page asked before. */
export async function answered(page: Page): Promise<void> {
  await page.evaluate(async () => void (await fetch('/api/health')))
  await drawn(page)
}
