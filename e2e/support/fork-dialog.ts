/** Forks the instant on screen as a person does. */
import type { Locator } from 'playwright-core'
import type { LabPage } from './lab-page.ts'

export class ForkDialog {
  readonly lab: LabPage
  readonly dialog: Locator
  /** The forks of the page, in the order of their tree. */
  readonly tree: Locator

  constructor(lab: LabPage) {
    this.lab = lab
    this.dialog = lab.page.getByRole('dialog')
    this.tree = this.dialog.getByRole('region', { name: 'Forks' }).getByRole('listitem')
  }

  async open(): Promise<void> {
    await this.lab.page.getByRole('button', { name: /^Fork here:/ }).click()
    await this.#change().waitFor()
  }

  /** Forks with a command at the instant. */
  async command(line: string): Promise<void> {
    await this.#change().selectOption('command')
    await this.dialog.getByRole('textbox', { name: 'Command' }).fill(line)
    await this.#fork()
  }

  /** Forks with the change whose words begin like this. */
  async choose(words: string): Promise<void> {
    const option = this.#change().locator('option').filter({ hasText: words }).first()
    await this.#change().selectOption(await option.getAttribute('value'))
    await this.#fork()
  }

  async #fork(): Promise<void> {
    const before = await this.tree.count()
    await this.dialog.getByRole('button', { name: 'Fork here' }).click()
    await this.tree.nth(before).waitFor()
  }

  /** One of both runs. */
  run(name: string | RegExp): Locator {
    return this.dialog.getByRole('region', { name })
  }

  /** The sentences about the first difference. */
  async firstDifference(): Promise<string> {
    const sentences = this.dialog.getByRole('status').filter({ hasText: /^First difference at/ })
    return (await sentences.textContent()) ?? ''
  }

  /** Left edges of the columns of a run, in px. */
  async columnsOf(name: string | RegExp): Promise<number[]> {
    const heads = await this.run(name).getByRole('columnheader').all()
    const boxes = await Promise.all(heads.slice(1).map((head) => head.boundingBox()))
    return boxes.map((box) => Math.round(box?.x ?? -1))
  }

  async openChosen(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Open this fork' }).click()
    await this.dialog.waitFor({ state: 'hidden' })
  }

  #change(): Locator {
    return this.dialog.getByLabel('Change one thing')
  }
}
