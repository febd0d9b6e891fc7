import type { Entry, MessageLog } from '../../shared/gossip/log.ts'

/** What would break the line, or its split at commas, goes out percent-encoded. */
const forChatLog = (text: string) => text.replace(/[%,\p{Cc}]/gu, encodeURIComponent)

/** What `get chatLog` answers. Whoever waits for a message asks again and again: as long as nothing new is held, it is the same. */
export class ChatLog {
  readonly #log: Pick<MessageLog, 'entries' | 'size'>
  #size = -1
  #line = ''

  constructor(log: Pick<MessageLog, 'entries' | 'size'>) {
    this.#log = log
  }

  get line(): string {
    const { size } = this.#log
    if (size !== this.#size) this.#line = formatChatLog(this.#log.entries())
    this.#size = size
    return this.#line
  }
}

/** An empty answer breaks the proxy (report, get chatLog Handle). */
const formatChatLog = (entries: readonly Entry[]): string =>
  `chatLog ${entries.length === 0 ? '<empty>' : entries.map(({ text }) => forChatLog(text)).join(',')}`
