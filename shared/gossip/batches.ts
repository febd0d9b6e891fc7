/**
 * Collects rumors that leave together, by neighbour (docs/protocol.md, Batches).
 *
 * A neighbour gets at most one datagram of new rumors in `batchMs`. If the last one left longer ago, rumors leave at the
 * end of the same step; otherwise they wait. So a lone message has no delay, and a burst shares datagrams.
 */

import type { Why } from './effects.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_RUMORS } from './limits.ts'
import type { Entry } from './log.ts'
import type { Origin } from './origin.ts'
import { type Batch, bytesInBatch, type Rumor } from './wire.ts'

/** A message without its text, which may change until the rumor leaves. */
type Name = Pick<Entry, 'origin' | 'seq'>

/** Messages to send to one neighbour now, for one reason. */
export interface Due {
  readonly port: number
  readonly why: Why
  readonly names: readonly Name[]
}

interface Queue {
  readonly waiting: Map<string, Name & { readonly why: Why }>
  /** Bytes that the waiting rumors add to a batch. */
  bytes: number
  /** Earliest time of the next datagram, in ms. */
  nextAt: number
}

export class Batches {
  readonly #queues = new Map<number, Queue>()

  /** Adds a message at the end; one that waits already keeps its place. */
  add(port: number, { origin, seq, text }: Entry, why: Why) {
    const queue = this.#queues.get(port) ?? { waiting: new Map(), bytes: 0, nextAt: Number.NEGATIVE_INFINITY }
    this.#queues.set(port, queue)
    const key = keyOf(origin, seq)
    if (queue.waiting.has(key)) return
    queue.waiting.set(key, { origin, seq, why })
    const bytes = bytesInBatch({ origin, seq, text })
    queue.bytes += bytes
    // Waiting saves nothing once another rumor of this size would not fit.
    if (queue.bytes + bytes > MAX_BATCH_BYTES - BATCH_FRAME_BYTES || queue.waiting.size >= MAX_BATCH_RUMORS)
      this.hasten(port)
  }

  /** Whether a message has ever waited. */
  get any(): boolean {
    return this.#queues.size > 0
  }

  has(port: number, origin: Origin, seq: number): boolean {
    return this.#queues.get(port)?.waiting.has(keyOf(origin, seq)) ?? false
  }

  /** Returns the number of messages that wait for a neighbour. */
  size(port: number): number {
    return this.#queues.get(port)?.waiting.size ?? 0
  }

  /** Makes the messages that wait for a neighbour due at once. */
  hasten(port: number) {
    const queue = this.#queues.get(port)
    if (queue) queue.nextAt = Number.NEGATIVE_INFINITY
  }

  hastenAll() {
    for (const port of this.#queues.keys()) this.hasten(port)
  }

  /** Forgets the messages that wait for a neighbour. */
  drop(port: number) {
    this.#queues.delete(port)
  }

  /** Returns when the next datagram is due, in ms. */
  get dueAt(): number {
    let at = Number.POSITIVE_INFINITY
    for (const { waiting, nextAt } of this.#queues.values()) if (waiting.size > 0) at = Math.min(at, nextAt)
    return at
  }

  /** Takes the messages that are due; the next datagram to the same neighbour may leave `batchMs` later. */
  takeDue(now: number, batchMs: number): Due[] {
    const taken: Due[] = []
    for (const [port, queue] of this.#queues) {
      if (queue.waiting.size === 0 || now < queue.nextAt) continue
      const all = [...queue.waiting.values()]
      for (const why of new Set(all.map((one) => one.why)))
        taken.push({ port, why, names: all.filter((one) => one.why === why) })
      queue.waiting.clear()
      queue.bytes = 0
      queue.nextAt = now + batchMs
    }
    return taken
  }
}

const keyOf = (origin: Origin, seq: number) => `${origin}.${seq}`

const BATCH_FRAME_BYTES = 'rumors:65535:{}'.length

/** Packs rumors of one sender, in order, into few datagrams of at most `mostBytes`. A lone rumor has the report's format. */
export function pack(rumors: readonly Rumor[], mostBytes: number): (Rumor | Batch)[] {
  const most = Math.min(mostBytes, MAX_BATCH_BYTES)
  const packed: Rumor[][] = []
  let bytes = 0
  for (const rumor of rumors) {
    const size = bytesInBatch(rumor)
    const last = packed.at(-1)
    if (last && last.length < MAX_BATCH_RUMORS && bytes + size <= most) last.push(rumor)
    else {
      packed.push([rumor])
      bytes = BATCH_FRAME_BYTES
    }
    bytes += size
  }
  return packed.map((together) => {
    const [first] = together as [Rumor, ...Rumor[]]
    return together.length === 1 ? first : { kind: 'batch', sender: first.sender, rumors: together }
  })
}
