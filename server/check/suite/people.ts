/** The acts of the built-in tests: to send a message, to ask for chat logs, to wait until all nodes have something. */
import { decodeText } from '../../../shared/gossip/text.ts'
import { nodeName, nodeNames } from '../../../shared/model/names.ts'
import { formatMs } from '../../../shared/text/format.ts'
import type { TestTools } from '../check-test.ts'
import { RunFailed } from '../complaint.ts'
import { brief, textsIn } from '../course/expected.ts'
import type { TestNetwork } from '../test-network.ts'

/**
 * Pause between two lines to one node, in ms. A program that reads one command per segment loses the second of two that
 * come together: one test looks for that, and no other test stumbles over it.
 */
const BETWEEN_LINES_MS = 120
/** Time between two looks at the chat logs, in ms. */
const LOOK_EVERY_MS = 200
const ANSWER_WITHIN_MS = 5_000
/**
 * Time within which all nodes have a message, in ms: a period of 10 s (handout, anti-entropy) for each of the links on a
 * line of four, and the time of a few retransmissions.
 */
export const SPREAD_WITHIN_MS = 35_000

export class People {
  readonly network: TestNetwork
  readonly #tools: TestTools
  readonly #lineAt = new Map<number, number>()

  constructor(network: TestNetwork, tools: TestTools) {
    this.network = network
    this.#tools = tools
  }

  /** Sends lines to a node, in one segment. */
  async send(id: number, ...lines: readonly string[]): Promise<void> {
    const { network } = this
    const rest = (this.#lineAt.get(id) ?? Number.NEGATIVE_INFINITY) + BETWEEN_LINES_MS - network.now()
    if (rest > 0) await network.sleep(rest)
    if (!network.send(id, lines.map((line) => `${line}\n`).join('')))
      this.fail(id, `${nodeName(id)} has closed its TCP connection`)
    this.#lineAt.set(id, network.now())
  }

  async say(id: number, ...texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.send(id, `msg 1 ${text}`)
  }

  /** Asks for a chat log. Returns the part after `chatLog `. @throws RunFailed when there is no answer. */
  async log(id: number): Promise<string> {
    const { network } = this
    const before = this.#lineAt.get(id) ?? 0
    await this.send(id, 'get chatLog')
    for (;;) {
      const line = await network.nextLine(id, ANSWER_WITHIN_MS)
      if (line === undefined) this.fail(id, this.#silence(id), before)
      const [, log] = /^chatLog ?(.*)$/.exec(line) ?? []
      if (log === undefined) continue
      // The answer shows that the line was read.
      this.#lineAt.delete(id)
      this.#tools.onAnswer({ line: 0, node: id, log, atMs: network.now() })
      return log.trim()
    }
  }

  #silence(id: number): string {
    if (!this.network.isRunning(id)) return `${nodeName(id)} does not run any more`
    return `${nodeName(id)} has not answered get chatLog within ${formatMs(ANSWER_WITHIN_MS)}`
  }

  texts = async (id: number): Promise<readonly string[]> => textsIn(await this.log(id))

  /**
   * Waits until each of these nodes shows all these texts. Resolves with their chat logs.
   * @throws (rejects) RunFailed that names what is missing.
   */
  async untilShown(
    ids: readonly number[],
    texts: readonly string[],
    withinMs = SPREAD_WITHIN_MS,
  ): Promise<ReadonlyMap<number, readonly string[]>> {
    const since = this.network.now()
    for (;;) {
      const logs = new Map<number, readonly string[]>()
      for (const id of ids) logs.set(id, await this.texts(id))
      const lacking = [...logs].filter(([, shown]) => texts.some((text) => !shown.includes(text)))
      if (lacking.length === 0) return logs
      if (this.network.now() - since > withinMs) this.#lacks(lacking, texts, withinMs)
      await this.network.sleep(LOOK_EVERY_MS)
    }
  }

  #lacks(
    lacking: readonly (readonly [number, readonly string[]])[],
    texts: readonly string[],
    withinMs: number,
  ): never {
    const [[id, shown] = [0, []]] = lacking
    const missing = texts.filter((text) => !shown.includes(text))
    const alike = lacking.filter(([, other]) => missing.every((text) => !other.includes(text)))
    const ids = alike.map(([node]) => node)
    const who = nodeNames(ids)
    const words = `${who} ${alike.length === 1 ? 'does' : 'do'} not show ${brief(missing)} within ${formatMs(withinMs)}`
    throw new RunFailed({ words, node: id, texts: missing, lacking: ids, atMs: this.network.now() })
  }

  /** @throws RunFailed */
  fail(node: number, words: string, atMs = this.network.now()): never {
    throw new RunFailed({ words, node, atMs })
  }

  /** Crashes a node with its command. Resolves when it has ended, which it must within 2 s. */
  async crash(id: number): Promise<void> {
    await this.send(id, 'crash')
    const end = await this.network.endOf(id, CRASH_WITHIN_MS)
    if (!end) this.fail(id, `${nodeName(id)} still runs ${formatMs(CRASH_WITHIN_MS)} after crash`)
  }
}

/** Time that a program has to end after its crash command, in ms. */
const CRASH_WITHIN_MS = 2_000

export const idsOf = ({ n }: Pick<TestNetwork, 'n'>): readonly number[] => Array.from({ length: n }, (_, id) => id)

/** Whether a chat log with one message shows it, as it is or in the form of our datagrams. */
export const showsText = (log: string, text: string): boolean => log === text || decodeText(log) === text
