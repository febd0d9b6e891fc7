/**
 * Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): playwright-core drives a patched Firefox only.
 * It knows the few commands that the tests use.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import { clickAt, type Engine, pointOf, programOf, typing } from './engine.ts'

const NAMES = ['firefox-esr', 'firefox']
interface Answer {
  readonly id?: number
  readonly type: 'success' | 'error' | 'event'
  readonly method?: string
  readonly result?: Readonly<Record<string, unknown>>
  readonly params?: { readonly level?: string; readonly text?: string }
  readonly message?: string
}

export class Firefox implements Engine {
  readonly errors: string[] = []
  readonly downloads: string
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #lastId = 0
  #context = ''

  /** @throws (rejects) Error that says how to install Firefox, if there is none. */
  static async start(): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'rs-firefox-'))
    mkdirSync(downloadsIn(profile))
    const args = ['--headless', '--remote-debugging-port=0', '--profile', profile, '--no-remote']
    const child = spawn(programOf(NAMES, 'firefox-esr'), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile },
    })
    const socket = new WebSocket(`${await addressOf(child)}/session`)
    await once(socket, 'open')
    const firefox = new Firefox(child, profile, socket)
    await firefox.#send('session.new', { capabilities: {} })
    const downloadBehavior = { type: 'allowed', destinationFolder: firefox.downloads }
    await firefox.#send('browser.setDownloadBehavior', { downloadBehavior })
    await firefox.#send('session.subscribe', { events: ['log.entryAdded'] })
    const { contexts } = await firefox.#send<{ contexts: { context: string }[] }>('browsingContext.getTree', {})
    firefox.#context = contexts[0]?.context ?? ''
    return firefox
  }

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child
    this.#profile = profile
    this.downloads = downloadsIn(profile)
    this.#socket = socket
    socket.on('message', (text) => this.#take(JSON.parse(`${text}`)))
  }

  async open(url: string, width = 1280, height = 720): Promise<void> {
    await this.#send('browsingContext.setViewport', { context: this.#context, viewport: { width, height } })
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' })
  }

  async evaluate(expression: string): Promise<string> {
    const target = { context: this.#context }
    const { result, exceptionDetails } = await this.#send<{
      result?: { value?: unknown }
      exceptionDetails?: { text: string }
    }>('script.evaluate', { expression, target, awaitPromise: true })
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return `${result?.value ?? ''}`
  }

  async click(element: string, share = 0.5): Promise<void> {
    await this.#act(clickAt(await this.evaluate(pointOf(element, share))))
  }

  async type(text: string): Promise<void> {
    await this.#act(typing(text))
  }

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

const downloadsIn = (profile: string) => join(profile, 'downloads')

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
