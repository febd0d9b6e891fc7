import type { Locator } from 'playwright-core'
import { expect } from 'vitest'

/** Expects that all of these are on the screen, whole, and that nothing covers the middle of one. */
export async function expectInSight(locator: Locator, what: string): Promise<void> {
  await locator.first().waitFor()
  await expect.poll(() => locator.evaluateAll(whyOutOfSight), { message: what }).toEqual([])
}

/** In the page. Returns a sentence for each that is not in sight. */
function whyOutOfSight(elements: readonly Element[]): string[] {
  return elements.flatMap((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const isOnScreen = left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1
    const at = [left, top, right, bottom].map(Math.round).join(' ')
    if (!isOnScreen) return [`${at} is not within ${innerWidth} x ${innerHeight}`]
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    if (over === null || element.contains(over) || over.contains(element)) return []
    return [`behind ${over.tagName} ${over.textContent.slice(0, 40)}`]
  })
}
