/** Drives the page like a person: by the names of its elements, with mouse and keyboard. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'

/** A limit, not an expectation. */
const PATIENCE_MS = 30_000

export class LabPage {
  readonly page: Page
  /** Errors in the browser: there must be none. */
  readonly errors: string[] = []

  /** In a context of its own: axe-core requires that, and two pages share nothing. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<LabPage> {
    const lab = await LabPage.blank(browser, options)
    await lab.page.goto(url)
    await lab.node(0).waitFor()
    return lab
  }

  /** Nothing is loaded yet. */
  static async blank(browser: Browser, options: BrowserContextOptions = {}): Promise<LabPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    return new LabPage(page)
  }

  private constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text())
    })
  }

  close(): Promise<void> {
    return this.page.context().close()
  }

  /** On the stage. */
  node(id: number): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^Node ${id},`) })
  }

  /** Resolves when the stage shows the node like this. */
  async seesNode(id: number, name: RegExp): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^Node ${id},.*${name.source}`) }).waitFor()
  }

  /** Selects the node and returns its panel. */
  async select(id: number): Promise<Locator> {
    const panel = this.page.getByRole('region', { name: `Node ${id}`, exact: true })
    // The disc, the last of its circles: the middle of a node with its labels may be between the two.
    if (!(await panel.isVisible())) await this.node(id).locator('circle').last().click()
    await panel.waitFor()
    return panel
  }

  async say(id: number, text: string): Promise<void> {
    const field = (await this.select(id)).getByRole('textbox', { name: 'Message text' })
    await field.fill(text)
    await field.press('Enter')
    await this.seesCommand(new RegExp(`^${id} msg \\d+ ${text}$`))
  }

  async press(id: number, button: 'Crash' | 'Restart' | 'Chat log'): Promise<void> {
    await (await this.select(id)).getByRole('button', { name: button }).click()
  }

  async type(line: string): Promise<void> {
    const console = this.page.getByRole('textbox', { name: 'Command' })
    await console.fill(line)
    await console.press('Enter')
  }

  /** The answers to a line in the console, in order of arrival. */
  async answersTo(line: string): Promise<string[]> {
    const entries = this.#entries(line)
    return entries.locator('pre').allInnerTexts()
  }

  /** Resolves when the console shows that somebody gave such a command. */
  async seesCommand(line: RegExp): Promise<void> {
    await this.openConsole()
    const given = this.page
      .getByRole('log')
      .locator('li p')
      .filter({ hasText: new RegExp(line.source.replace(/^\^|\$$/g, '')) })
    await given.first().waitFor()
  }

  async openConsole(): Promise<void> {
    const button = this.page.getByRole('button', { name: 'Open the console' })
    // By key: in projector mode the console appears once it has the focus.
    if (await button.isVisible()) await button.press('Enter')
  }

  #entries(line: string): Locator {
    return this.page
      .getByRole('log')
      .locator('li')
      .filter({ has: this.page.locator('p', { hasText: line }) })
  }
}
