/** Takes the five minutes of the README, by mouse; types only the words that it says to type. */
import { expect } from 'vitest'
import { expectInSight } from './in-sight.ts'
import type { LabPage } from './lab-page.ts'
import type { SeeStep } from './lecture-steps.ts'
import { takeStepPicture } from './step-picture.ts'

const RING = Array.from({ length: 8 }, (_, id) => id)

/** On a line of four, up to a ring of eight. */
export async function takeTour(page: LabPage, see: SeeStep): Promise<void> {
  const view = page.page
  const button = (name: string) => view.getByRole('button', { name, exact: true })
  const click = (name: string) => button(name).click()
  const choose = (id: number) => page.node(id).locator('circle').last().click()
  const cells = (text: string) => view.getByRole('row', { name: text }).locator('[data-cell]')
  const seesCells = (text: string, expected: readonly string[]) =>
    expect
      .poll(() => cells(text).evaluateAll((all) => all.map((cell) => cell.getAttribute('data-cell'))))
      .toEqual(expected)
  await see('the page as it comes')

  await choose(0)
  await see('node 0 is chosen', view.getByRole('textbox', { name: 'Message text' }))
  await view.keyboard.type('hello\n')
  for (const id of [0, 1, 2, 3]) await page.seesNode(id, /1 of 1/)
  await see('send a message', cells('hello'))

  await choose(1)
  await click('Crash')
  await page.seesNode(1, /crashed/)
  await see('crash a node', button('Restart'))

  await choose(0)
  await view.keyboard.type('more\n')
  await seesCells('more', ['origin', 'lost on the way', 'cut off', 'cut off'])
  await see('see the cut', cells('more'))

  await choose(1)
  await click('Restart')
  for (const id of [0, 1, 2, 3]) await page.seesNode(id, /2 of 2/)
  await see('bring it back', cells('more'))

  await click('Console')
  await view.getByRole('textbox', { name: 'Command' }).click()
  await view.keyboard.type('help\n')
  await view
    .getByRole('log')
    .getByText(/^<id> start, <id> msg/)
    .waitFor()
  await see('type instead of clicking', view.getByRole('textbox', { name: 'Command' }))
  await click('Close the console')

  await click('New network')
  const dialog = view.getByRole('dialog')
  const start = dialog.locator('button[type=submit]')
  await dialog.getByRole('textbox', { name: 'Nodes' }).fill('8')
  await dialog.getByRole('combobox').selectOption('ring')
  await expectInSight(start, 'the button that starts the network')
  await takeStepPicture(view, 'ask for a ring')
  await start.click()
  await dialog.waitFor({ state: 'hidden' })
  for (const id of RING) await page.seesNode(id, /running/)
  await choose(2)
  await click('Crash')
  await page.seesNode(2, /crashed/)
  await choose(0)
  await view.keyboard.type('around\n')
  for (const id of RING.filter((one) => one !== 2)) await page.seesNode(id, /1 of 1/)
  await see('make a ring')
  // If the stage of a ring needs all the height, the views below it open on demand.
  const views = button('Show the views below the stage')
  if (await views.isVisible()) await views.click()
  await see('see how it went around', cells('around'))
}
