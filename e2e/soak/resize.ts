import type { Page } from 'playwright-core'

/** Gives the page a screen of that size. A browser in full screen refuses, so the page leaves it first. */
export async function resize(page: Page, size: { readonly width: number; readonly height: number }) {
  await page.evaluate(() => (document.fullscreenElement ? document.exitFullscreen() : undefined))
  await page.setViewportSize(size)
}
