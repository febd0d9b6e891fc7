/**
 * WebKitGTK's MiniBrowser in a screen of its own, driven by WebDriver (https://www.w3.org/TR/webdriver2/): Debian has it
 * as it is, while playwright-core drives a patched WebKit only. It knows the few commands that the tests use.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts } from '../../server/test-support/ports.ts'
import { clickAt, type Engine, pointOf, programOf, typing } from './engine.ts'

const SCREEN = 'Xvfb'
const PACKAGES = 'webkit2gtk-driver xvfb'
const START_LIMIT_MS = 20_000
const LOOK_EVERY_MS = 50

/** Keeps the errors of the page for a later question; WebDriver reports none. */
const KEEP_ERRORS = `
if (!window.errorsOfPage) {
  window.errorsOfPage = []
  addEventListener('error', (event) => errorsOfPage.push(event.message))
  addEventListener('unhandledrejection', (event) => errorsOfPage.push(String(event.reason)))
}`

export class WebKit implements Engine {
  readonly errors: string[] = []
  readonly downloads: string
  readonly #home: string
  readonly #children: readonly ChildProcess[]
  readonly #session: string

  /** @throws (rejects) Error that says how to install it, if it is missing. */
  static async start(): Promise<WebKit> {
    const programs = { driver: programOf(['WebKitWebDriver'], PACKAGES), browser: miniBrowser() }
    const home = mkdtempSync(join(tmpdir(), 'rs-webkit-'))
    const downloads = join(home, 'Downloads')
    mkdirSync(downloads)
    mkdirSync(join(home, '.config/gtk-3.0'), { recursive: true })
    // Its bar of buttons would make the window wider than a phone.
    writeFileSync(
      join(home, '.config/gtk-3.0/gtk.css'),
      '* { min-width: 0; padding: 0; margin: 0; border-width: 0; }\n',
    )
    writeFileSync(join(home, '.config/user-dirs.dirs'), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n')
    const screen = spawn(SCREEN, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const display = await displayOf(screen)
    const { tcp: port } = await freePorts(1)
    const driver = spawn(programs.driver, [`--port=${port}`], {
      stdio: 'ignore',
      env: { ...process.env, DISPLAY: display, HOME: home, XDG_CONFIG_HOME: join(home, '.config') },
    })
    const address = `http://127.0.0.1:${port}`
    await ready(address)
    const browser = { binary: programs.browser, args: ['--automation'] }
    const { sessionId } = await send<{ sessionId: string }>('POST', `${address}/session`, {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': browser } },
    })
    return new WebKit(home, downloads, [driver, screen], `${address}/session/${sessionId}`)
  }

  private constructor(home: string, downloads: string, children: readonly ChildProcess[], session: string) {
    this.#home = home
    this.downloads = downloads
    this.#children = children
    this.#session = session
  }

  async open(url: string, width = 1280, height = 720): Promise<void> {
    // Asks for a window, and measures how much of it the page gets: the window has bars of its own.
    await this.#post('window/rect', { width, height })
    const inner = (await this.evaluate('[innerWidth, innerHeight].join()')).split(',').map(Number)
    const [wide = width, high = height] = inner
    await this.#post('window/rect', { width: 2 * width - wide, height: 2 * height - high })
    await this.#post('url', { url })
    await this.evaluate(`void (() => {${KEEP_ERRORS}})()`)
  }

  async evaluate(expression: string): Promise<string> {
    const script = `const done = arguments[0]; Promise.resolve().then(() => (${expression})).then(
      (value) => done({ value: String(value ?? '') }), (error) => done({ error: String(error) }))`
    const { value, error } = await this.#post<{ value?: string; error?: string }>('execute/async', { script, args: [] })
    if (error !== undefined) throw new Error(`${expression}: ${error}`)
    return value ?? ''
  }

  async click(element: string, share = 0.5): Promise<void> {
    await this.#post('actions', { actions: [clickAt(await this.evaluate(pointOf(element, share)))] })
    await this.#readErrors()
  }

  async type(text: string): Promise<void> {
    await this.#post('actions', { actions: [typing(text)] })
    await this.#readErrors()
  }

  async screenshot(): Promise<Buffer> {
    await this.#readErrors()
    return Buffer.from(await send<string>('GET', `${this.#session}/screenshot`), 'base64')
  }

  async close(): Promise<void> {
    await send('DELETE', this.#session).catch(() => {})
    for (const child of this.#children) {
      const ended = once(child, 'exit')
      if (child.kill()) await ended
    }
    rmSync(this.#home, { recursive: true, force: true })
  }

  async #readErrors() {
    const found = await this.evaluate('(window.errorsOfPage ?? []).splice(0).join("\\n")')
    if (found !== '') this.errors.push(found)
  }

  #post<T>(command: string, body: object): Promise<T> {
    return send<T>('POST', `${this.#session}/${command}`, body)
  }
}

async function send<T>(method: string, address: string, body?: object): Promise<T> {
  const answer = await fetch(address, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  const { value } = (await answer.json()) as { value: T & { message?: string } }
  if (!answer.ok) throw new Error(`${address}: ${value?.message}`)
  return value
}

/** Returns the display that Xvfb has chosen. */
async function displayOf(screen: ChildProcess): Promise<string> {
  const failed = once(screen, 'error').then(() => {
    throw new Error(`there is no Xvfb: sudo apt-get install ${PACKAGES}`)
  })
  const [number] = await Promise.race([once(screen.stdio[3] as Readable, 'data'), failed])
  return `:${`${number}`.trim()}`
}

async function ready(address: string): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS
  for (;;) {
    const status = await send<{ ready: boolean }>('GET', `${address}/status`).catch(() => undefined)
    if (status?.ready) return
    if (Date.now() > limit) throw new Error('WebKitWebDriver does not answer')
    await wait(LOOK_EVERY_MS)
  }
}

/** It is not on the PATH: it lies in a folder for the kind of processor and the version of the library. */
function miniBrowser(): string {
  const within = (folder: string, name: RegExp) =>
    readdirSync(folder)
      .filter((one) => name.test(one))
      .map((one) => join(folder, one))
  const found = within('/usr/lib', /-linux-gnu/)
    .flatMap((folder) => within(folder, /^webkit2gtk-/))
    .flatMap((folder) => within(folder, /^MiniBrowser$/))
  if (found[0] === undefined) throw new Error(`there is no MiniBrowser: sudo apt-get install ${PACKAGES}`)
  return found[0]
}
