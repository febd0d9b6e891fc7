import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Takes a picture of a step of a lecture, if the environment names a folder for them: LECTURE_PICTURES. */
export async function takeStepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.LECTURE_PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}
