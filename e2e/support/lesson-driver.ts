/** The page's lessons as a teacher holds them: by the names of what is on the page. */
import type { Locator } from 'playwright-core'
import type { LabPage } from './lab-page.ts'

/** The page's words for a scene that has run. */
interface Shown {
  /** Of the lesson. */
  readonly title: string
  readonly heading: string
  readonly text: string
  readonly figures: readonly string[]
}

/** A limit, not an expectation. */
const RUN_LIMIT_MS = 90_000

export class LessonDriver {
  /** Called right before a scene runs, and when what came of it is shown. */
  onRun: { before(): Promise<void>; after(shown: Shown): Promise<void> } | null = null
  /** Called when a step is shown, with the parts that belong to it, from top to bottom. */
  onStep: ((step: string, ...parts: readonly Locator[]) => Promise<void>) | null = null
  #title = ''
  readonly #page: LabPage['page']

  /** Opens the list, and makes the lessons quick. */
  static async open({ page }: LabPage): Promise<LessonDriver> {
    await page.getByRole('button', { name: 'Lessons', exact: true }).click()
    await page.getByRole('checkbox', { name: /Ten times as fast/ }).check()
    return new LessonDriver(page)
  }

  private constructor(page: LabPage['page']) {
    this.#page = page
  }

  /** Leaves the one before as it is, and opens this one; resolves when its network is there. */
  async begin(title: string): Promise<void> {
    if (await this.#panel.isVisible()) await this.leave('Leave it as it is')
    await this.#page.getByRole('listitem').getByRole('button', { name: title }).click()
    await this.#begun(title)
  }

  /** Sums up the one before, if that has not been done, and goes on to this one, which is the next. */
  async goOnTo(title: string): Promise<void> {
    if (await this.#button('Sum up').isVisible()) await this.sumUp()
    await this.#button('Next lesson').click()
    await this.#begun(title)
  }

  async #begun(title: string): Promise<void> {
    await this.#panel.filter({ hasText: `· ${title}` }).waitFor()
    this.#title = title
    await this.#told()
  }

  /** A scene is told, and its network stands on the stage. */
  async #told(): Promise<void> {
    await this.#page.getByText('Starting nodes …').waitFor({ state: 'hidden' })
    await this.#step('told', this.#choices)
  }

  /** `some` may be none: a scene that asks nothing, or measures nothing. */
  async #step(what: string, some: Locator, ...more: readonly Locator[]): Promise<void> {
    const [heading] = await this.#heading.allInnerTexts()
    const parts = [this.#heading, ...more, ...((await some.count()) > 0 ? [some] : [])]
    await this.onStep?.(`${this.#title}, ${heading}, ${what}`, ...parts)
  }

  /** Runs a scene that asks nothing; gives its figures. */
  async run(): Promise<string[]> {
    return this.#runIt()
  }

  /** Chooses the answer that begins so, runs the scene and sees the verdict; gives the figures. */
  async predict(choice: string, verdict: RegExp): Promise<string[]> {
    const run = this.#button('Run it')
    if (await run.isEnabled()) throw new Error('it could be run before anybody had predicted anything')
    await this.#choices.filter({ hasText: choice }).first().click()
    const figures = await this.#runIt()
    await this.#panel.getByText(verdict).first().waitFor()
    return figures
  }

  async #runIt(): Promise<string[]> {
    await this.onRun?.before()
    await this.#button('Run it').click()
    await this.#ran()
    const figures = await this.#figures()
    const [heading = ''] = await this.#heading.allInnerTexts()
    const [text = ''] = await this.#panel.getByRole('status').first().allInnerTexts()
    await this.#step('shown', this.measured, this.#run)
    await this.onRun?.after({ title: this.#title, heading, text, figures })
    return figures
  }

  /** Goes to the next scene; resolves when its network is there. */
  async next(): Promise<void> {
    await this.#button('Next').click()
    await this.#told()
  }

  /** The last scene's figures and all before; gives what stands there. */
  async sumUp(): Promise<string> {
    await this.#button('Sum up').click()
    await this.#panel.getByRole('heading', { name: 'Measured in this run' }).waitFor()
    await this.#step('summed up', this.measured)
    return (await this.#panel.textContent()) ?? ''
  }

  cameOutOtherwise(): Promise<boolean> {
    return this.#panel.getByText('This run turned out differently').isVisible()
  }

  async leave(how: string): Promise<void> {
    await this.#button('Leave the lesson').click()
    await this.#page.getByRole('button', { name: how }).click()
    await this.#page.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()
  }

  get #panel(): Locator {
    return this.#page.getByRole('region', { name: /^Lesson \d+:/ })
  }

  #button(name: string): Locator {
    return this.#panel.getByRole('button', { name, exact: true })
  }

  async #ran(): Promise<void> {
    await this.#panel.getByRole('button', { name: /^(Next|Sum up)$/ }).waitFor({ timeout: RUN_LIMIT_MS })
  }

  #figures(): Promise<string[]> {
    return this.measured.allInnerTexts()
  }

  get #heading(): Locator {
    return this.#panel.getByRole('heading', { level: 2 })
  }

  /** In space-time. */
  get #run(): Locator {
    return this.#page.getByRole('img', { name: /^Space-time diagram/ })
  }

  get #choices(): Locator {
    return this.#panel.locator('fieldset button[aria-pressed]')
  }

  /** The figures of what is shown. */
  get measured(): Locator {
    return this.#panel.getByRole('list', { name: 'Measured in this run' }).getByRole('listitem')
  }
}
