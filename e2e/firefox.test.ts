/** Tests the page in Firefox ESR: the report's walkthrough by mouse and keyboard, and going back in time. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { Firefox } from './support/firefox.ts'
import { walkThrough } from './walkthrough.ts'

const PICTURES = join(import.meta.dirname, '../test-results/firefox')

let firefox: Firefox
beforeAll(async () => {
  firefox = await Firefox.start()
})
afterAll(() => firefox.close())

async function open(): Promise<TestLab> {
  const lab = await startLab({ linkDelayMs: 20 })
  onTestFinished(() => lab.stop())
  await firefox.open(lab.url)
  await sees(0, /running/)
  return lab
}

const node = (id: number) => `document.querySelector('[role=button][aria-label^="Node ${id},"]')`
const panel = (id: number) =>
  `document.querySelector('[role=region][aria-label="Node ${id}"], section[aria-label="Node ${id}"]')`
const button = (within: string, name: string) =>
  `[...${within}.querySelectorAll('button')].find((each) => (each.ariaLabel ?? each.textContent).trim() === '${name}')`

const sees = (id: number, words: RegExp) =>
  expect.poll(() => firefox.evaluate(`${node(id)}?.getAttribute('aria-label')`)).toMatch(words)

async function select(id: number) {
  if ((await firefox.evaluate(`${panel(id)} !== null`)) === 'true') return
  await firefox.click(`[...${node(id)}.querySelectorAll('circle')].at(-1)`)
  await expect.poll(() => firefox.evaluate(`${panel(id)} !== null`)).toBe('true')
}

async function press(id: number, name: string) {
  await select(id)
  await firefox.click(button(panel(id), name))
}

/** Does with mouse and keyboard what another person types. */
async function act(line: string) {
  const [, id = '', verb, rest = ''] = /^(\d+) (\w+) ?(.*)$/.exec(line) ?? []
  if (verb === 'msg') {
    await select(Number(id))
    await firefox.click(`${panel(Number(id))}.querySelector('[aria-label="Message text"]')`)
    await firefox.type(rest.replace(/^\d+ /, ''))
  } else if (verb === 'crash') {
    await press(Number(id), 'Crash')
    await sees(Number(id), /crashed/)
  } else if (verb === 'start') {
    const label = await firefox.evaluate(`${node(Number(id))}.getAttribute('aria-label')`)
    if (label.includes('crashed')) await press(Number(id), 'Restart')
    await sees(Number(id), /running/)
  }
}

test("the report's walkthrough, clicked and typed in Firefox", async () => {
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
  mkdirSync(PICTURES, { recursive: true })
  writeFileSync(join(PICTURES, 'walkthrough.png'), await firefox.screenshot())
  expect(firefox.errors).toEqual([])
})
