/** The page's lessons as a teacher holds them: by the names of what is on the page. Their texts come from their files. */
import type { Locator } from 'playwright-core'
import type { Choice, Lesson, Scene } from '../../shared/language/lesson.ts'
import { readLibrary } from '../../web/lessons/library.ts'
import type { LabPage } from './lab-page.ts'

/** A scene that has run, and the page's words for it. */
interface Shown {
  readonly scene: Scene
  /** By place; null where nobody chose. */
  readonly chosen: number | null
  readonly text: string
  readonly figures: readonly string[]
}

/** Returns the lesson in `lessons/<number>-<name>.md`. */
export function lessonNamed(name: string): Lesson {
  const found = readLibrary().lessons.find(({ file }) => file.endsWith(`-${name}.md`))
  if (!found) throw new Error(`no lesson ${name}`)
  return found.lesson
}

/** Returns the place of the marked choice, or of the wrong one with the longest reason. */
export function choiceOf({ question }: Scene, which: 'right' | 'wrong'): number {
  const choices = question?.choices ?? []
  const length = ({ why }: Choice) => why?.text.join('').length ?? 0
  const wrong = choices.filter(({ right }) => !right).toSorted((a, b) => length(b) - length(a))[0]
  return choices.findIndex((choice) => (which === 'right' ? choice.right : choice === wrong))
}

const VERDICT = { right: /^Predicted right/, wrong: /^Your prediction:/ }

/** A limit, not an expectation. */
const RUN_LIMIT_MS = 90_000

export class LessonDriver {
  /** Called right before a scene runs, and when its outcome is shown. */
  onRun: { before(): Promise<void>; after(shown: Shown): Promise<void> } | null = null
  /** Called when a step is shown, with its parts, from top to bottom. */
  onStep: ((step: string, ...parts: readonly Locator[]) => Promise<void>) | null = null
  #lesson: Lesson | null = null
  #chosen: number | null = null
  readonly #page: LabPage['page']

  /** Opens the list, and makes the lessons fast. */
  static async open({ page }: LabPage): Promise<LessonDriver> {
    await page.getByRole('button', { name: 'Lessons', exact: true }).click()
    await page.getByRole('checkbox', { name: /Ten times as fast/ }).check()
    return new LessonDriver(page)
  }

  private constructor(page: LabPage['page']) {
    this.#page = page
  }

  /** Leaves the one before as it is, and opens this one; resolves at its first scene, when its network is there. */
  async begin(name: string): Promise<void> {
    const lesson = lessonNamed(name)
    if (await this.#panel.isVisible()) await this.leave('Keep this network as it is')
    await this.#page.getByRole('listitem').getByRole('button', { name: lesson.title }).click()
    await this.#begun(lesson)
  }

  /** Finishes the previous lesson, if necessary, and goes on to this one, which is the next. */
  async goOnTo(name: string): Promise<void> {
    if (await this.#button('Sum up').isVisible()) await this.sumUp()
    await this.#button('Next lesson').click()
    await this.#begun(lessonNamed(name))
  }

  async #begun(lesson: Lesson): Promise<void> {
    await this.#panel.filter({ hasText: `· ${lesson.title}` }).waitFor()
    this.#lesson = lesson
    await this.#told()
    // The everyday example.
    await this.next()
  }

  /** The scene that is shown. */
  async #scene(): Promise<Scene> {
    const [heading] = await this.#heading.allInnerTexts()
    const scene = this.#lesson?.scenes.find((one) => one.heading === heading)
    if (!scene) throw new Error(`no scene “${heading}” in “${this.#lesson?.title}”`)
    return scene
  }

  /** A scene is on screen, and its network is on the stage. */
  async #told(): Promise<void> {
    await this.#page.getByText('Starting nodes …').waitFor({ state: 'hidden' })
    await this.#step('told', this.#choices)
  }

  /** `some` may be empty: a scene without a question, or without a measurement. */
  async #step(what: string, some: Locator, ...more: readonly Locator[]): Promise<void> {
    const [heading] = await this.#heading.allInnerTexts()
    const parts = [this.#heading, ...more, ...((await some.count()) > 0 ? [some] : [])]
    await this.onStep?.(`${this.#lesson?.title}, ${heading}, ${what}`, ...parts)
  }

  /** Runs a scene without a question. Returns its figures. */
  async run(): Promise<string[]> {
    return this.#runIt()
  }

  /** Chooses the marked answer or a wrong one, runs the scene and sees the verdict; gives the figures. */
  async predict(which: 'right' | 'wrong', verdict: RegExp = VERDICT[which]): Promise<string[]> {
    const run = this.#button('Run it')
    if (await run.isEnabled()) throw new Error('it could be run before anybody had predicted anything')
    this.#chosen = choiceOf(await this.#scene(), which)
    await this.#choices.nth(this.#chosen).click()
    const figures = await this.#runIt()
    await this.#panel.getByText(verdict).first().waitFor()
    this.#chosen = null
    return figures
  }

  async #runIt(): Promise<string[]> {
    await this.onRun?.before()
    await this.#button('Run it').click()
    await this.#ran()
    const figures = await this.#figures()
    const [shown = ''] = await this.#panel.getByRole('status').first().allInnerTexts()
    const text = shown.replaceAll('\u00a0', ' ')
    await this.#step('shown', this.measured, this.#run)
    await this.onRun?.after({ scene: await this.#scene(), chosen: this.#chosen, text, figures })
    return figures
  }

  /** Goes to the next scene; resolves when its network is there. */
  async next(): Promise<void> {
    await this.#button('Next').click()
    await this.#told()
  }

  /** Shows the sentence to take home, and the figures of all scenes; returns the text. */
  async sumUp(): Promise<string> {
    await this.#button('Sum up').click()
    await this.#panel.getByRole('heading', { name: 'Take home' }).waitFor()
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

  /** The figures on screen. */
  get measured(): Locator {
    return this.#panel.getByRole('list', { name: 'Measured in this run' }).getByRole('listitem')
  }
}
