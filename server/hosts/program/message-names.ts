/**
 * Names the messages that chat logs of programs show. A program numbers its messages as it likes, and may begin again
 * after a crash, so the lab goes by texts: a message is named by the node that was given it, the life of that node, and
 * how many messages that life had been given before.
 */
import { messageKey, type Origin } from '../../../shared/gossip/origin.ts'
import { decodeText } from '../../../shared/gossip/text.ts'
import { UNKNOWN_PORT } from '../../../shared/model/names.ts'

export interface MessageName {
  readonly origin: Origin
  readonly seq: number
}

/** Number of the newest texts that are looked for in the bytes of a datagram. */
const NEWEST_TEXTS = 200
/** Length of a text below which it occurs in bytes by chance, in bytes. */
const LEAST_TEXT_BYTES = 2
/** Number of texts that are named for one datagram. */
const MAX_FOUND = 8

/** Texts nobody gave to a node of the lab, past which no further one gets a name. */
const MAX_STRANGE_TEXTS = 1_000

/** All messages of a network, in the order in which they were given. */
export class MessageNames {
  readonly #byText = new Map<string, MessageName[]>()
  readonly #keys = new Set<string>()
  readonly #strange = new Map<string, MessageName>()
  readonly #listeners = new Set<() => void>()
  /** The newest texts, the newest last. */
  #newest: { readonly text: string; readonly bytes: Buffer }[] = []
  #mostCommas = 0

  /** Begins a new network. */
  clear() {
    this.#byText.clear()
    this.#keys.clear()
    this.#strange.clear()
    this.#newest = []
    this.#mostCommas = 0
  }

  /** Calls back after each new message. Returns a function that ends that. */
  onNew(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes a message that a person gave to a node. A known one changes nothing. */
  add(origin: Origin, seq: number, text: string) {
    const key = messageKey(origin, seq)
    if (this.#keys.has(key)) return
    this.#keys.add(key)
    if (!this.#byText.has(text))
      this.#newest = [...this.#newest, { text, bytes: Buffer.from(text) }].slice(-NEWEST_TEXTS)
    this.#byText.set(text, [...this.of(text), { origin, seq }])
    this.#mostCommas = Math.max(this.#mostCommas, text.split(',').length - 1)
    for (const listener of this.#listeners) listener()
  }

  /** Returns the messages with this text, in the order in which they were given. */
  of(text: string): readonly MessageName[] {
    return this.#byText.get(text) ?? []
  }

  /** Returns messages whose texts occur in these bytes as UTF-8, the newest first; not a text within another one. */
  within(data: Buffer): readonly MessageName[] {
    const found = this.#newest.filter(({ bytes }) => bytes.length >= LEAST_TEXT_BYTES && data.includes(bytes))
    const whole = found.filter((one) => !found.some(({ text }) => text !== one.text && text.includes(one.text)))
    return whole
      .slice(-MAX_FOUND)
      .reverse()
      .flatMap(({ text }) => this.of(text)[0] ?? [])
  }

  /** Returns the name of a text that nobody gave to the lab; undefined when there are too many. */
  strange(text: string): MessageName | undefined {
    const known = this.#strange.get(text)
    if (known || this.#strange.size >= MAX_STRANGE_TEXTS) return known
    const name = { origin: UNKNOWN_PORT, seq: this.#strange.size }
    this.#strange.set(text, name)
    return name
  }

  /** Returns the texts in a line `chatLog a,b`. A comma within a text that the lab knows separates nothing. */
  textsIn(line: string): string[] {
    const log = line.replace(/^chatLog ?/, '').trim()
    if (log === '' || log === '<empty>') return []
    const parts = log.split(',')
    const texts: string[] = []
    for (let place = 0; place < parts.length; ) {
      const size = this.#sizeAt(parts, place)
      texts.push(this.#known(parts.slice(place, place + size).join(',')))
      place += size
    }
    return texts.filter((text) => text !== '')
  }

  /** Returns how many parts from `place` on are one text: the longest one that is known, else one. */
  #sizeAt(parts: readonly string[], place: number): number {
    for (let size = Math.min(this.#mostCommas + 1, parts.length - place); size > 1; size -= 1)
      if (
        this.#byText.has(
          parts
            .slice(place, place + size)
            .join(',')
            .trim(),
        )
      )
        return size
    return 1
  }

  /** Returns the text that was given, if the program shows it between spaces or in the form of our datagrams. */
  #known(shown: string): string {
    const text = shown.trim()
    const decoded = decodeText(text)
    return !this.#byText.has(text) && this.#byText.has(decoded) ? decoded : text
  }
}
