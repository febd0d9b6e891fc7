/** Saves files through the *Share* dialog. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { LabPage } from './lab-page.ts'

/** Opens the dialog if it is not open. */
export async function openShare({ page }: LabPage): Promise<void> {
  const dialog = page.getByRole('dialog')
  if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'Share', exact: true }).click()
  await dialog.waitFor()
}

/** Saves something in that way where this process can read it. Returns the path of the file. */
export async function share(page: LabPage, way: string): Promise<string> {
  await openShare(page)
  const coming = page.page.waitForEvent('download')
  await page.page.getByRole('dialog').getByRole('button', { name: way }).click()
  return savedFile(await coming)
}

/** Saves a download where this process can read it, and removes it after the test. Returns the path of the file. */
export async function savedFile(download: Download): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return path
}
