/**
 * Tests the page in the engines of Firefox and Safari, as Debian has them: the report's walkthrough by mouse and keyboard,
 * going back in time, a lesson, a viewer on a phone, exports, and the words about what a browser does not allow.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type LabOptions, startLab, type TestLab } from '../server/test-support/lab-process.ts'
import type { Engine } from './support/engine.ts'
import { Firefox } from './support/firefox.ts'
import { choiceOf, lessonNamed } from './support/lesson-driver.ts'
import { WebKit } from './support/webkit.ts'
import { walkThrough } from './walkthrough.ts'

const PICTURES = join(import.meta.dirname, '../test-results/engines')
const PHONE = { width: 390, height: 844 }

const node = (id: number) => `document.querySelector('[role=button][aria-label^="Node ${id},"]')`
const panel = (id: number) =>
  `document.querySelector('[role=region][aria-label="Node ${id}"], section[aria-label="Node ${id}"]')`
const button = (name: RegExp, within = 'document') =>
  `[...${within}.querySelectorAll('button')].find((each) => ${name}.test((each.ariaLabel ?? each.textContent).trim()))`
const SLIDER = `document.querySelector('[aria-label="Instant shown"]')`
const LESSON = `document.querySelector('section[aria-label^="Lesson "]')`
const DIALOG = `document.querySelector('[role=dialog]')`

describe.each<[string, () => Promise<Engine>]>([
  ['Firefox', () => Firefox.start()],
  ['WebKit', () => WebKit.start()],
])('in %s', (name, start) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await start()
  })
  afterAll(() => engine?.close())

  async function open(options: LabOptions = {}, screen?: { readonly width: number; readonly height: number }) {
    const lab = await startLab({ linkDelayMs: 20, ...options })
    onTestFinished(() => lab.stop())
    // Runs before the one above: a page without its lab complains.
    onTestFinished(() => engine.open('about:blank'))
    await engine.open(lab.url, screen?.width, screen?.height)
    await sees(0, /running/)
    return lab
  }

  const has = (element: string) =>
    expect.poll(() => engine.evaluate(`(${element}) !== null && (${element}) !== undefined`)).toBe('true')
  const says = (element: string, words: RegExp) =>
    expect.poll(() => engine.evaluate(`${element}?.textContent`)).toMatch(words)
  const sees = (id: number, words: RegExp) =>
    expect.poll(() => engine.evaluate(`${node(id)}?.getAttribute('aria-label')`)).toMatch(words)

  async function press(label: RegExp, within?: string) {
    await has(button(label, within))
    await engine.click(button(label, within))
  }

  async function select(id: number) {
    if ((await engine.evaluate(`${panel(id)} !== null`)) === 'true') return
    await engine.click(`[...${node(id)}.querySelectorAll('circle')].at(-1)`)
    await has(panel(id))
  }

  async function picture(of: string) {
    mkdirSync(PICTURES, { recursive: true })
    writeFileSync(join(PICTURES, `${name}, ${of}.png`), await engine.screenshot())
    expect(engine.errors).toEqual([])
  }

  /** Does with mouse and keyboard what another person types. */
  async function act(line: string) {
    const [, id = '', verb, rest = ''] = /^(\d+) (\w+) ?(.*)$/.exec(line) ?? []
    if (verb === 'msg') {
      await select(Number(id))
      await engine.click(`${panel(Number(id))}.querySelector('[aria-label="Message text"]')`)
      await engine.type(rest.replace(/^\d+ /, ''))
    } else if (verb === 'crash') {
      await select(Number(id))
      await press(/^Crash$/, panel(Number(id)))
      await sees(Number(id), /crashed/)
    } else if (verb === 'start') {
      await sees(Number(id), /running|crashed/)
      const label = await engine.evaluate(`${node(Number(id))}.getAttribute('aria-label')`)
      if (label.includes('crashed')) {
        await select(Number(id))
        await press(/^Restart$/, panel(Number(id)))
      }
      await sees(Number(id), /running/)
    }
  }

  test("the report's walkthrough, clicked and typed", async () => {
    const lab = await open()
    await walkThrough(
      {
        type: act,
        chatLog: async (id, wanted) => {
          const log = () =>
            lab.command(`${id} get chatLog`).then((answer) => (answer.ok ? answer.output[0] : answer.error))
          await expect.poll(log).toBe(wanted)
          return wanted
        },
      },
      (id) => lab.basePort + id,
    )
    for (const id of [0, 1, 2, 3]) await sees(id, /9 of 9/)
    await picture('walkthrough')
  })

  test('a pause, a scrub to an earlier instant, and back to the present', async () => {
    const lab = await open()
    await lab.command('0 msg 1 Lexi')
    await sees(3, /1 of 1/)
    await lab.command('1 crash')
    await sees(1, /crashed/)
    await press(/^Pause the view$/)
    await has(button(/^Go live$/))
    // At the beginning of the bar nothing has happened.
    await engine.click(SLIDER, 0.02)
    await sees(1, /not started|starting/)
    await expect.poll(() => engine.evaluate(`${node(3)}.getAttribute('aria-label')`)).not.toMatch(/1 of 1/)
    await picture('scrub')
    await lab.command('2 msg 1 unseen')
    await press(/^Go live$/)
    await sees(1, /crashed/)
    await sees(3, /2 of 2/)
    await picture('live again')
  })

  test('a lesson is predicted, run and judged', async () => {
    await open()
    const lesson = lessonNamed('line')
    const scene = lesson.scenes.find(({ question }) => question)
    if (!scene) throw new Error('the lesson asks nothing')
    await press(/^Lessons$/)
    await has(`document.querySelector('section[aria-label=Lessons] input[type=checkbox]')`)
    await engine.click(`document.querySelector('section[aria-label=Lessons] input[type=checkbox]')`)
    await press(new RegExp(`^\\d+${lesson.title}`))
    while (!(await engine.evaluate(`${LESSON}?.querySelector('h2').textContent`)).includes(scene.heading)) {
      const heading = await engine.evaluate(`${LESSON}?.querySelector('h2').textContent`)
      await press(/^Next$/, LESSON)
      await expect.poll(() => engine.evaluate(`${LESSON}?.querySelector('h2').textContent`)).not.toBe(heading)
    }
    await engine.click(`${LESSON}.querySelectorAll('fieldset button[aria-pressed]')[${choiceOf(scene, 'right')}]`)
    await press(/^Run it$/, LESSON)
    await says(LESSON, /Predicted right/)
    await picture('lesson')
  })

  test('a viewer on a phone watches, and cannot act', async () => {
    const lab: TestLab = await open({ args: ['--host', '0.0.0.0'] }, PHONE)
    expect(await engine.evaluate('[innerWidth, innerHeight].join()')).toBe(`${PHONE.width},${PHONE.height}`)
    await says('document.body', /You are watching/)
    await lab.command('0 msg 1 Lexi')
    await sees(3, /1 of 1/)
    // Nothing hangs out at the side, and every node is on the screen.
    expect(await engine.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe('true')
    for (const id of [0, 1, 2, 3]) {
      const box = `${node(id)}.getBoundingClientRect()`
      expect(await engine.evaluate(`${box}.top >= 0 && ${box}.bottom <= innerHeight`)).toBe('true')
    }
    await select(1)
    expect(await engine.evaluate(`${button(/^Crash$/)} === undefined`)).toBe('true')
    await picture('phone')
  })

  test('exports: a picture of each kind, a recording, and a page in one file that opens', async () => {
    const lab = await open()
    await lab.command('0 msg 1 Lexi')
    await sees(3, /1 of 1/)
    await press(/^Share$/)
    for (const [way, said] of [
      [/^PNG/, /Picture saved/],
      [/^SVG/, /Picture saved/],
      [/^Recording/, /saved/i],
      [/^Web page/, /saved/i],
    ] as const) {
      await press(way, DIALOG)
      await says(`${DIALOG}.querySelector('[role=status]')`, said)
    }
    const files = () => readdirSync(engine.downloads).filter((file) => !/\.(part|wkdownload)$/.test(file))
    await expect.poll(() => files().length, { message: 'four files' }).toBe(4)
    const read = (ending: string) =>
      readFileSync(join(engine.downloads, files().find((file) => file.endsWith(ending)) ?? ''))
    await expect.poll(() => read('.png').subarray(1, 4).toString()).toBe('PNG')
    expect(read('.svg').toString()).toContain('data:image/png')
    expect(read('.jsonl').toString()).toContain('Lexi')
    await picture('share')
    const page = files().find((file) => file.endsWith('.html')) ?? ''
    await engine.open(`file://${join(engine.downloads, encodeURIComponent(page))}`)
    await sees(3, /1 of 1/)
    await says('document.body', /Recording of/)
    await picture('saved page')
  })

  test('without a clipboard and a full screen it says so, and what to do', async () => {
    const lab = await open()
    await engine.evaluate(
      `void Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })`,
    )
    await press(/^Share$/)
    await press(/^Link/, DIALOG)
    await says(`${DIALOG}.querySelector('[role=status]')`, new RegExp(`no clipboard.* ${lab.url}/#`))
    await engine.evaluate(`void Object.defineProperty(navigator, 'clipboard', { configurable: true,
      value: { writeText: () => Promise.reject(new Error('NotAllowedError')) } })`)
    await press(/^Link/, DIALOG)
    await says(`${DIALOG}.querySelector('[role=status]')`, /no clipboard/)
    await press(/^Close$/, DIALOG)
    // As on an iPhone.
    await engine.evaluate('void (document.documentElement.requestFullscreen = undefined)')
    await press(/^Full-screen stage$/)
    await says('document.body', /no full screen/)
    await press(/^Leave full screen$/)
    expect(await engine.evaluate(`document.body.textContent.includes('no full screen')`)).toBe('false')
    expect(engine.errors).toEqual([])
  })
})
