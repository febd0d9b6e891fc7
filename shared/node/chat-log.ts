import type { Entry, MessageLog } from '../gossip/log.ts'
import { percent, showRawBytes } from '../gossip/text.ts'

/** For how long an answer has just been read, in ms: a script asks its other nodes before it goes on. */
const JUST_READ_MS = 1_000

/**
 * Returns a text as a chat log prints it: in its wire form, but for three things. The punctuation that only datagrams
 * reserve stands as it was typed. What would break the line or its split at commas is percent-encoded. And so is a byte
 * that is not UTF-8, because readers of the line decode it.
 */
const forChatLog = (wire: string): string => showRawBytes(wire).replace(/%3A|%7B|%7D|[,\p{Cc}]/gu, forReader)

const forReader = (found: string) => (found.length > 1 ? decodeURIComponent(found) : percent(found))

/**
 * Answers `get chatLog`. A script that waits for a message asks again and again: while nothing new is held, the answer
 * is kept.
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

  /** Whether it has just been read, and shows all that is held. */
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

/** An empty answer breaks the proxy (report, get chatLog Handle). */
const formatChatLog = (entries: readonly Entry[]): string =>
  `chatLog ${entries.map(({ text }) => forChatLog(text)).join(',') || '<empty>'}`
