import { expect } from 'vitest'
import type { LabPage } from './lab-page.ts'

/** Asks until the answer is the wanted one; otherwise the test complains about the last answer. */
export async function askUntil(page: LabPage, id: number, wanted: string, ask: () => Promise<void>): Promise<string> {
  const line = `${id} get chatLog`
  let last = ''
  await expect
    .poll(
      async () => {
        const before = (await page.answersTo(line)).length
        await ask()
        await expect.poll(async () => (await page.answersTo(line)).length, { timeout: 20_000 }).toBeGreaterThan(before)
        last = (await page.answersTo(line)).at(-1) ?? ''
        return last
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBe(wanted)
  return last
}
