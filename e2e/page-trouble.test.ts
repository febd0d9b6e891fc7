/** Tests the page's words when it cannot understand the lab, and when a view of it fails. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Browser, Locator, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { allHold } from '../server/test-support/network.ts'
import { EMPTY_LAB, type LabState } from '../shared/model/lab-state.ts'
import { PROTOCOL_VERSION, type ServerMessage } from '../shared/wire/protocol.ts'
import { LabPage } from './support/lab-page.ts'
import { drawn } from './support/settled.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { expectNoViolation } from './support/violations.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

const DOOR = /\/api\/ws$/

/** A page before it joins, and its lab. */
async function blank(viewport = { width: 1280, height: 720 }) {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.blank(browser, { viewport })
  onTestFinished(() => page.close())
  return { lab, page }
}

/** Applies `change` to the first state that the lab sends. */
const changed = (change: (state: LabState) => object) => (socket: WebSocketRoute) =>
  socket.connectToServer().onMessage((data) => {
    const said: ServerMessage = JSON.parse(String(data))
    socket.send(said.type === 'snapshot' ? JSON.stringify({ ...said, state: change(said.state) }) : data)
  })

const greeting = { type: 'snapshot', lab: 'of the test', role: 'presenter', now: 0, beganAt: 0, oldest: 1 }

test.each([
  ['of another version', { ...greeting, state: EMPTY_LAB, version: PROTOCOL_VERSION + 1 }],
  ['without a part', { ...greeting, state: { ...EMPTY_LAB, messages: undefined }, version: PROTOCOL_VERSION }],
])('a page that gets a state %s says what to do, and does so at a click', async (_, told) => {
  const { lab, page } = await blank({ width: 360, height: 740 })
  await page.page.routeWebSocket(DOOR, (socket) => socket.onMessage(() => socket.send(JSON.stringify(told))))
  await page.page.goto(lab.url)
  await page.page.getByRole('heading', { name: 'do not understand each other' }).waitFor()
  const details = page.page.getByText(/messages|version \d/).last()
  expect(await details.isVisible()).toBe(false)
  await page.page.getByText('Technical details').click()
  await details.waitFor()
  await expectNoViolation(page)
  await page.page.unrouteAll()
  await page.page.routeWebSocket(DOOR, (socket) => void socket.connectToServer())
  await page.page.getByRole('button', { name: 'Reload the page' }).click()
  await page.node(0).waitFor()
})

test('a page that gets an event that it cannot apply says so, and keeps its state', async () => {
  const { lab, page } = await blank()
  let door: WebSocketRoute | undefined
  let last = 0
  await page.page.routeWebSocket(DOOR, (socket) => {
    door = socket
    socket.connectToServer().onMessage((data) => {
      const said: ServerMessage = JSON.parse(String(data))
      if (said.type === 'snapshot') last = said.state.last
      if (said.type === 'events') last = said.events.at(-1)?.n ?? last
      socket.send(data)
    })
  })
  await page.page.goto(lab.url)
  await page.say(0, 'hello')
  await page.seesNode(2, /1 of 1/)
  door?.send(JSON.stringify({ type: 'events', now: 1, events: [{ n: last + 1, at: 1, type: 'network' }] }))
  const said = page.page.getByRole('alert').filter({ hasText: 'no longer understand each other' })
  await said.getByRole('button', { name: 'Reload the page' }).waitFor()
  await page.seesNode(2, /1 of 1/)
  await expectNoViolation(page)
  expect(page.errors).toEqual([])
})

test('a view that fails says which, in plain words, and comes back when it is retried', async () => {
  const { lab, page } = await blank()
  // An invalid held datagram: every view of it fails.
  const spoil = changed((state) => {
    const { rootId = 0 } = state.settings ?? {}
    return { ...state, held: { 1: { number: 1, from: rootId, to: rootId + 1, content: null } } }
  })
  await page.page.routeWebSocket(DOOR, spoil)
  await page.page.goto(lab.url)
  const failed = page.page.getByRole('alert').filter({ hasText: 'The stage cannot be shown.' })
  await failed.waitFor()
  expect(await failed.getByText(/undefined|null|not a function/).isVisible()).toBe(false)
  await page.page.getByText('No messages yet').waitFor()
  await expectNoViolation(page)
  const again = failed.getByRole('button', { name: 'Try again' })
  await again.click()
  await failed.getByText('Trying again did not help').waitFor()
  await failed.getByRole('button', { name: 'Reload the page' }).waitFor()
  // In a new network nothing is held.
  await lab.command('network 3 line')
  await lab.waitFor(({ nodes }) => nodes.every(({ status }) => status === 'running'))
  await expect
    .poll(async () => {
      if (await again.isVisible()) await again.click()
      return page.node(0).isVisible()
    })
    .toBe(true)
})

test('a file that cannot be read, and one that cannot be made, are reported in plain words', async () => {
  const { lab, page } = await blank()
  await page.page.addInitScript(() => {
    // As for a dropped folder, and for a picture without enough memory.
    Blob.prototype.text = () => Promise.reject(new DOMException('A requested file was not found', 'NotFoundError'))
    HTMLImageElement.prototype.decode = () => Promise.reject(new DOMException('No source', 'EncodingError'))
  })
  await page.page.goto(lab.url)
  await page.node(0).waitFor()
  const raw = page.page.getByText(/NotFoundError|EncodingError|DOMException|TypeError/)
  const share = page.page.getByRole('button', { name: 'Share' })
  await share.click()
  const file = { name: 'tuesday.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('{}') }
  await page.page.locator('input[type=file]').setInputFiles(file)
  await page.page.getByText(/^tuesday.jsonl could not be opened: it is a folder, or it was moved/).waitFor()
  expect(await raw.isVisible()).toBe(false)
  await page.page.getByRole('button', { name: 'Close', exact: true }).click()
  await share.click()
  await page.page.getByRole('button', { name: /^PNG/ }).click()
  await page.page.getByText('This browser cannot draw that picture. Save it as SVG.').waitFor()
  expect(await raw.isVisible()).toBe(false)
  await page.page.route(/\.(js|css|woff2)$/, (route) => route.abort())
  await page.page.getByRole('button', { name: /^Web page/ }).click()
  await page.page.getByText(/^The lab does not respond, and it provides parts of this page/).waitFor()
  await expectNoViolation(page)
})

test('a picture that fails while it is drawn leaves the others alone', async () => {
  const { lab, page } = await blank()
  await page.page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype
    // As in a browser that has lost its drawing context, for space-time alone.
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...of: Parameters<typeof getContext>) {
      const context = getContext.apply(this, of)
      if (this.closest('[aria-label^="Space-time"]') && context && 'fillText' in context)
        context.fillText = () => {
          throw new Error('nothing to draw with')
        }
      return context
    } as typeof getContext
  })
  await page.page.goto(lab.url)
  const failed = page.page.getByRole('alert').filter({ hasText: 'The space-time diagram cannot be shown.' })
  await failed.waitFor()
  await page.say(0, 'hello')
  await page.seesNode(2, /1 of 1/)
})

test('a refused network leaves the dialog open with the reason, and the old network unchanged', async () => {
  const { lab, page } = await blank()
  await page.page.goto(lab.url)
  await lab.command('0 msg 1 hello')
  await page.seesNode(2, /has 1 of 1 message/)
  const pids = async () => (await lab.state()).nodes.map(({ pid }) => pid)
  const before = await pids()
  const stranger = createServer().listen(lab.basePort + 3, '127.0.0.1')
  onTestFinished(() => void stranger.close())
  await once(stranger, 'listening')
  await page.page.getByRole('button', { name: 'New network' }).click()
  const dialog = page.page.getByRole('dialog')
  await dialog.getByLabel('Nodes').fill('4')
  await dialog.getByRole('button', { name: 'Start network' }).click()
  await dialog
    .getByRole('alert')
    .getByText(`ports in use: TCP ${lab.basePort + 3}`)
    .waitFor()
  expect(await pids()).toEqual(before)
  await expectNoViolation(page)
  await dialog.getByLabel('Nodes').fill('2')
  await dialog.getByRole('alert').waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Start network' }).click()
  await dialog.waitFor({ state: 'detached' })
  await expect.poll(async () => (await lab.state()).nodes.map(({ status }) => status)).toEqual(['running', 'running'])
  expect(page.errors).toEqual([])
})

/** Everything on the page for a reader or a screen reader, and all drawn pictures. */
const wordsOn = ({ page }: LabPage): Promise<string[]> =>
  page.evaluate(() => {
    const words = [...((window as { drawn?: string[] }).drawn ?? []), document.title]
    const nodes = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ALL)
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      if (node instanceof Text) words.push(node.data)
      if (node instanceof Element) for (const { value } of node.attributes) words.push(value)
    }
    return words
  })

/** Controls and changes of direction, except for ends of lines, and for the isolates that the page itself inserts. */
const OBEYED = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066\u2067\ufeff]/u

test('a control character in a text from outside is shown as an escape, everywhere on the page', async () => {
  const { lab, page } = await blank()
  await page.page.addInitScript(() => {
    const drawn: string[] = []
    Object.assign(window, { drawn })
    for (const name of ['fillText', 'strokeText'] as const) {
      const draw = CanvasRenderingContext2D.prototype[name]
      CanvasRenderingContext2D.prototype[name] = function (this: CanvasRenderingContext2D, text, ...rest) {
        drawn.push(text)
        draw.call(this, text, ...rest)
      }
    }
  })
  await page.page.goto(lab.url)
  await lab.command('0 msg 1 \u202ebad\x1b[31m\x9b')
  await lab.command('1 msg 1 שלום')
  await lab.command('0 \u202edance\x07')
  await lab.waitFor(allHold(2))
  const seen = async (sight: string, ...ready: readonly Locator[]) => {
    for (const one of ready) await one.first().waitFor()
    await drawn(page.page)
    const words = await wordsOn(page)
    const obeyed = words.filter((text) => OBEYED.test(text.replaceAll('\n', '')))
    expect(obeyed, sight).toEqual([])
    return words.join('\n')
  }
  const { page: view } = page
  const opened = await seen('the page', view.getByText(/bad/), view.getByText(/שלום/))
  expect(opened).toContain('\\u202ebad\\x1b[31m\\x9b')
  expect(opened).toContain('\u2068שלום\u2069')
  const panel = view.getByRole('tabpanel')
  for (const [tab, ready] of [
    ['Events', panel.locator('button[role=option]')],
    ['Curves', panel.getByRole('button', { name: /bad/ })],
    ['Space-time', view.getByRole('img', { name: /^Space-time diagram/ })],
  ] as const) {
    await view.getByRole('tab', { name: tab }).click()
    await seen(tab, ready)
  }
  await page.select(0)
  await page.press(0, 'Chat log')
  await seen('a node and the console', view.getByRole('log').getByText(/bad.*שלום/))
  await view.getByRole('button', { name: /bad/ }).first().click()
  await seen('a message', view.getByRole('region', { name: /^Message/ }))
  const file = {
    name: 'a\u202etxt.scenario',
    mimeType: 'text/plain',
    buffer: Buffer.from('expect 0 chatLog \u202ebad'),
  }
  await page.page.getByRole('button', { name: 'Share' }).click()
  await page.page.locator('input[type=file]').setInputFiles(file)
  await page.page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.page.getByText('1 expectation not met').waitFor()
  expect(await seen('a scenario')).toContain('a\\u202etxt.scenario')
  expect(page.errors).toEqual([])
})
