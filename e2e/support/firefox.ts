/**
 * Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): playwright-core drives a patched Firefox only.
 * It knows the few commands that the tests use.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'

const NAMES = ['firefox-esr', 'firefox']
const ENTER = '\uE007'

interface Answer {
  readonly id?: number
  readonly type: 'success' | 'error' | 'event'
  readonly method?: string
  readonly result?: Readonly<Record<string, unknown>>
  readonly params?: { readonly level?: string; readonly text?: string }
  readonly message?: string
}

export class Firefox {
  /** Errors of the page: there must be none. */
  readonly errors: string[] = []
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #lastId = 0
  #context = ''

  /** @throws (rejects) Error that says how to install Firefox, if there is none. */
  static async start(): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'rs-firefox-'))
    const args = ['--headless', '--remote-debugging-port=0', '--profile', profile, '--no-remote']
    const child = spawn(programName(), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile },
    })
    const socket = new WebSocket(`${await addressOf(child)}/session`)
    await once(socket, 'open')
    const firefox = new Firefox(child, profile, socket)
    await firefox.#send('session.new', { capabilities: {} })
    await firefox.#send('session.subscribe', { events: ['log.entryAdded'] })
    const { contexts } = await firefox.#send<{ contexts: { context: string }[] }>('browsingContext.getTree', {})
    firefox.#context = contexts[0]?.context ?? ''
    return firefox
  }

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child
    this.#profile = profile
    this.#socket = socket
    socket.on('message', (text) => this.#take(JSON.parse(`${text}`)))
  }

  async open(url: string, width = 1280, height = 720): Promise<void> {
    await this.#send('browsingContext.setViewport', { context: this.#context, viewport: { width, height } })
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' })
  }

  /** Returns the text that an expression gives in the page; a promise is awaited. */
  async evaluate(expression: string): Promise<string> {
    const target = { context: this.#context }
    const { result, exceptionDetails } = await this.#send<{
      result?: { value?: unknown }
      exceptionDetails?: { text: string }
    }>('script.evaluate', { expression, target, awaitPromise: true })
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return `${result?.value ?? ''}`
  }

  /** Clicks the middle of the element that an expression gives. */
  async click(element: string): Promise<void> {
    const place = await this.evaluate(
      `(() => { const { x, y, width, height } = (${element}).getBoundingClientRect(); return [x + width / 2, y + height / 2].map(Math.round).join() })()`,
    )
    const [x, y] = place.split(',').map(Number)
    const actions = [
      { type: 'pointerMove', x, y },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]
    await this.#act({ type: 'pointer', id: 'mouse', actions })
  }

  /** Types a text and Enter. */
  async type(text: string): Promise<void> {
    const actions = [...text, ENTER].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ])
    await this.#act({ type: 'key', id: 'keyboard', actions })
  }

  /** Returns a PNG. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#send<{ data: string }>('browsingContext.captureScreenshot', { context: this.#context })
    return Buffer.from(data, 'base64')
  }

  async close(): Promise<void> {
    this.#socket.terminate()
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
    rmSync(this.#profile, { recursive: true, force: true })
  }

  #act(source: object): Promise<unknown> {
    return this.#send('input.performActions', { context: this.#context, actions: [source] })
  }

  #send<T>(method: string, params: object): Promise<T> {
    this.#lastId += 1
    const id = this.#lastId
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as T), reject })
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }

  #take({ id, type, method, result, params, message }: Answer) {
    if (method === 'log.entryAdded' && params?.level === 'error') this.errors.push(params.text ?? '')
    const waiting = id === undefined ? undefined : this.#waiting.get(id)
    if (id === undefined || !waiting) return
    this.#waiting.delete(id)
    if (type === 'error') waiting.reject(new Error(message))
    else waiting.resolve(result)
  }
}

function programName(): string {
  const found = NAMES.find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error('there is no Firefox: sudo apt-get install firefox-esr')
  return found
}

/** From the line in which Firefox says that it listens. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('Firefox has no output to read')
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? []
    if (address !== undefined) {
      stderr.resume()
      return address
    }
  }
  throw new Error('Firefox ended before it listened')
}
