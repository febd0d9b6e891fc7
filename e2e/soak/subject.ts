/** The subject of a soak: a lab, a page behind a cable, and the facts about both that are known from outside. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { type CommandAnswer, startLab, type TestLab } from '../../server/test-support/lab-process.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { type Cable, layCable } from '../support/cable.ts'
import { LabPage } from '../support/lab-page.ts'
import { askNode, tellNode } from '../support/node-line.ts'
import type { Size } from './size.ts'

/** Every request is answered within this, in words if necessary, in ms. A limit, not an expectation. */
const ANSWER_LIMIT_MS = 120_000
const ORPHAN_LIMIT_MS = 15_000

export class Subject {
  readonly browser: Browser
  readonly size: Size
  readonly page: LabPage
  /** An idle page, from the beginning to the end. */
  readonly onlooker: LabPage
  /** Number of labs so far. */
  labs = 1
  readonly cable: Cable
  #lab: TestLab
  /** Processes that a signal stopped and that must be continued. */
  readonly stopped = new Set<number>()

  static async start(browser: Browser, size: Size): Promise<Subject> {
    const lab = await startSmall(size)
    try {
      const cable = await layCable(lab.url)
      const [page, onlooker] = [await LabPage.open(browser, cable.url), await LabPage.open(browser, cable.url)]
      return new Subject(browser, lab, cable, { page, onlooker }, size)
    } catch (error) {
      await lab.stop()
      throw error
    }
  }

  private constructor(
    browser: Browser,
    lab: TestLab,
    cable: Cable,
    pages: Pick<Subject, 'page' | 'onlooker'>,
    size: Size,
  ) {
    this.browser = browser
    this.size = size
    this.page = pages.page
    this.onlooker = pages.onlooker
    this.cable = cable
    this.#lab = lab
  }

  /** The line that begins a network like the first one. */
  get newNetwork(): string {
    return `network ${this.size.nodes} ${this.size.topology}`
  }

  get lab(): TestLab {
    return this.#lab
  }

  state(): Promise<LabState> {
    return within(ANSWER_LIMIT_MS, 'GET /api/state', this.#lab.state())
  }

  /** Every line is answered; a refusal is an answer too, but an internal error is not. */
  async command(line: string): Promise<CommandAnswer> {
    const answer = await within(ANSWER_LIMIT_MS, line, this.#lab.command(line))
    if (!answer.ok && (answer.status >= 500 || answer.error.startsWith('the lab failed')))
      throw new Error(`${line}: ${answer.error}`)
    return answer
  }

  /** Returns a node's own answer to a line over TCP, independent of the lab. */
  ask(id: number, line: string): Promise<string> {
    return within(ANSWER_LIMIT_MS, `${line} at node ${id}`, askNode(this.#lab.basePort + id, line))
  }

  /** Gives a node a line over TCP and disconnects. */
  tell(id: number, line: string): Promise<void> {
    return tellNode(this.#lab.basePort + id, line)
  }

  /** Kills the lab, waits for the end of its nodes, and starts another one under the same page. */
  async replaceLab(): Promise<void> {
    this.cable.pull()
    const { pid, child, rootId } = this.#lab
    const gone = new Promise((resolve) => child.once('exit', resolve))
    this.resume()
    process.kill(pid, 'SIGKILL')
    await gone
    await noNodes(rootId)
    await this.#lab.stop()
    this.#lab = await startSmall(this.size)
    this.labs += 1
    this.cable.plugIn(this.#lab.url)
  }

  /** Continues every stopped process that still exists. */
  resume() {
    for (const pid of this.stopped) signal(pid, 'SIGCONT')
    this.stopped.clear()
  }

  async stop(): Promise<void> {
    this.resume()
    const { rootId } = this.#lab
    await Promise.all([this.page.close(), this.onlooker.close()])
    this.cable.close()
    await this.#lab.stop()
    await noNodes(rootId)
  }
}

/** Starts a lab of a few nodes, with ports for as many as `size` says. */
const startSmall = ({ nodes }: Size) => startLab({ nodes: 4, mostNodes: nodes, linkDelayMs: 20 })

/** Returns false if there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** Returns the node processes of the lab with this UDP port of node 0, whatever their parent. */
export function nodeProcesses(rootId: number): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(`"rootId":${rootId},`))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function noNodes(rootId: number): Promise<void> {
  const until = performance.now() + ORPHAN_LIMIT_MS
  for (;;) {
    const left = nodeProcesses(rootId)
    if (left.length === 0) return
    if (performance.now() > until) throw new Error(`orphans: ${left.join(', ')} outlived their lab`)
    await sleep(50)
  }
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`wedged: no answer to "${what}" within ${ms / 1_000} s`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
