/**
 * A node as another group would write it, from the report's text and without code of ours: no generations, one rumor at
 * a time, whole statuses with an entry for itself also at 0, nothing repeated, anti-entropy every 10 s. It sends a text
 * as typed, with any content. It shows that our nodes can talk to such a program.
 */
import { createRandom, type Random } from '../gossip/random.ts'

interface DatabaseEntry {
  lowestSeqNum: number
  readonly messages: Map<number, string>
}

interface Outgoing {
  readonly to: number
  readonly text: string
}

/** Time between two rounds of anti-entropy, in ms. */
export const PLAIN_ANTI_ENTROPY_MS = 10_000

export class PlainNode {
  wakeAt = Number.POSITIVE_INFINITY
  readonly #port: number
  readonly #neighbours: readonly number[]
  readonly #random: Random
  readonly #database = new Map<number, DatabaseEntry>()
  #lastRumor: { owner: number; seq: number } | undefined

  constructor(port: number, neighbours: readonly number[], seed: number) {
    this.#port = port
    this.#neighbours = neighbours
    this.#random = createRandom(seed)
    this.#entry(port)
  }

  /** Number of messages typed at it. */
  get typed(): number {
    return this.#entry(this.#port).lowestSeqNum
  }

  /** Returns its gap-free messages, in order. */
  entries(): { origin: number; seq: number; text: string }[] {
    return [...this.#database].flatMap(([origin, { lowestSeqNum, messages }]) =>
      Array.from({ length: lowestSeqNum }, (_, seq) => ({ origin, seq, text: messages.get(seq) ?? '' })),
    )
  }

  start(now: number): Outgoing[] {
    this.wakeAt = now + PLAIN_ANTI_ENTROPY_MS
    return []
  }

  /** statusBroadcastThread. */
  wake(now: number): Outgoing[] {
    if (now < this.wakeAt) return []
    this.wakeAt = now + PLAIN_ANTI_ENTROPY_MS
    return this.#neighbours.map((to) => this.#status(to, this.#port))
  }

  /** ProxyThread. */
  type(text: string): Outgoing[] {
    const own = this.#entry(this.#port)
    const seq = own.lowestSeqNum
    own.messages.set(seq, text)
    own.lowestSeqNum += 1
    return this.#gossip(this.#port, seq, undefined)
  }

  /** NeighborThread. It trusts every datagram to be well formed. */
  receive(datagram: string): Outgoing[] {
    const [kind, sender = ''] = datagram.split(':', 2)
    const content = datagram.slice(datagram.indexOf('{') + 1, datagram.lastIndexOf('}'))
    if (kind === 'rumor') return this.#onRumor(Number(sender), content)
    return this.#onStatus(Number(sender), content)
  }

  /** Logic for handleRumorMessage. */
  #onRumor(sender: number, content: string): Outgoing[] {
    const [, text = '', ownerText, seqText] = /^(.*),(\d+),(\d+)$/s.exec(content) ?? []
    const owner = Number(ownerText)
    const seq = Number(seqText)
    const entry = this.#entry(owner)
    const isNew = !entry.messages.has(seq)
    if (isNew) entry.messages.set(seq, text)
    while (entry.messages.has(entry.lowestSeqNum)) entry.lowestSeqNum += 1
    return [...(isNew ? this.#gossip(owner, seq, sender) : []), this.#status(sender, owner)]
  }

  /** Logic for handleStatusMessage. */
  #onStatus(sender: number, content: string): Outgoing[] {
    const pairs = content.split(',').map((pair) => pair.split(':').map(Number))
    const [firstOwner = 0, firstSeq = 0] = pairs[0] ?? []
    const mine = this.#database.get(firstOwner)?.lowestSeqNum ?? 0
    if (firstSeq < mine) return this.#rumor(sender, firstOwner, firstSeq)
    if (firstSeq > mine) return [this.#status(sender, firstOwner)]
    for (const [owner = 0, seq = 0] of pairs.slice(1)) {
      const low = this.#database.get(owner)?.lowestSeqNum ?? 0
      if (seq <= low) continue
      if (seq === 1 && !this.#database.has(owner)) this.#entry(owner)
      else return [this.#status(sender, owner)]
    }
    if (this.#random.next() < 0.5 || !this.#lastRumor) return []
    return this.#gossip(this.#lastRumor.owner, this.#lastRumor.seq, sender)
  }

  /** pickANeighbor and sendRumorMessage. */
  #gossip(owner: number, seq: number, except: number | undefined): Outgoing[] {
    this.#lastRumor = { owner, seq }
    const [to] = this.#random.pick(
      this.#neighbours.filter((port) => port !== except),
      1,
    )
    return to === undefined ? [] : this.#rumor(to, owner, seq)
  }

  #rumor(to: number, owner: number, seq: number): Outgoing[] {
    const text = this.#database.get(owner)?.messages.get(seq)
    return text === undefined ? [] : [{ to, text: `rumor:${this.#port}:{${text},${owner},${seq}}` }]
  }

  #status(to: number, firstOwner: number): Outgoing {
    this.#entry(firstOwner)
    const owners = [firstOwner, ...[...this.#database.keys()].filter((owner) => owner !== firstOwner)]
    const pairs = owners.map((owner) => `${owner}:${this.#database.get(owner)?.lowestSeqNum ?? 0}`)
    return { to, text: `status:${this.#port}:{${pairs.join(',')}}` }
  }

  #entry(owner: number): DatabaseEntry {
    let entry = this.#database.get(owner)
    if (!entry) {
      entry = { lowestSeqNum: 0, messages: new Map() }
      this.#database.set(owner, entry)
    }
    return entry
  }
}
