import type { Entry, MessageLog } from '../gossip/log.ts'
import { percent, showRawBytes } from '../gossip/text.ts'

/** Time for which an answer counts as just read, in ms: a script asks its other nodes before it goes on. */
const JUST_READ_MS = 1_000

/**
 * Returns a text as a chat log prints it: in its wire form, with three exceptions. Punctuation that only datagrams
 * reserve appears as typed. Characters that would break the line, or its split at commas, are percent-encoded. So is a
 * byte that is not UTF-8, because readers decode the line.
 */
const forChatLog = (wire: string): string => showRawBytes(wire).replace(/%3A|%7B|%7D|[,\p{Cc}]/gu, forReader)

const forReader = (found: string) => (found.length > 1 ? decodeURIComponent(found) : percent(found))

/**
 * Answers `get chatLog`. A script that waits for a message asks again and again, so the answer is cached until the node
 * stores anything new.
 */
export class ChatLog {
  readonly #log: Pick<MessageLog, 'entries' | 'revision'>
  readonly #now: () => number
  #revision = -1
  #line = ''
  #readAt = Number.NEGATIVE_INFINITY

  constructor(log: Pick<MessageLog, 'entries' | 'revision'>, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** Returns whether the log has just been read, and the answer contained all stored messages. */
  get isJustRead(): boolean {
    return this.#revision === this.#log.revision && this.#now() < this.#readAt + JUST_READ_MS
  }

  get line(): string {
    const { revision } = this.#log
    if (revision !== this.#revision) this.#line = formatChatLog(this.#log.entries())
    this.#revision = revision
    this.#readAt = this.#now()
    return this.#line
  }
}

/** An empty answer would break the proxy (report, get chatLog Handle). */
const formatChatLog = (entries: readonly Entry[]): string =>
  `chatLog ${entries.map(({ text }) => forChatLog(text)).join(',') || '<empty>'}`
