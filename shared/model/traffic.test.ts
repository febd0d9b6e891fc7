import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import type { EventOf, LabEvent } from './event.ts'
import { fold } from './fold.ts'
import type { LabSettings } from './lab-settings.ts'
import { EMPTY_LAB } from './lab-state.ts'

type Unnumbered = LabEvent extends infer Event ? (Event extends LabEvent ? Omit<Event, 'n' | 'at'> : never) : never

const ROOT = 40_000
const settings: LabSettings = {
  n: 4,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  rootId: ROOT,
  basePort: 20_000,
  gossip: DEFAULTS,
}

/** Writes a story of four nodes on a line, and keeps the numbers of its datagrams. */
class Story {
  readonly #events: LabEvent[] = [{ n: 1, at: 0, type: 'network', settings }]
  #at = 0

  /** Adds an event; it may have happened earlier than its number suggests. */
  add(event: Unnumbered, at = this.#at + 1): this {
    this.#at = Math.max(this.#at, at)
    this.#events.push({ ...event, n: this.#events.length + 1, at })
    return this
  }

  get newest() {
    const event = this.#events.at(-1)
    if (!event) throw new Error('no event')
    return event
  }

  waits(ms: number): this {
    this.#at += ms
    return this
  }

  typed(node: number, seq = 0): this {
    return this.add({ type: 'stored', node, origin: ROOT + node, seq, text: 'x', from: null })
  }

  /** Sends a rumor from one node to another, which stores its message if new. */
  rumor(from: number, to: number, { origin = 0, seq = 0, ...more }: Partial<EventOf<'sent'>> & RumorName = {}): this {
    const content = { kind: 'rumor', origin: ROOT + origin, seq } as const
    const known = this.lab().places[ROOT + origin]?.[seq]
    const isNew = known === undefined || this.lab().messages[known]?.copies[to] === undefined
    this.sent(from, to, { why: 'new', content, ...more })
    if (more.fate !== undefined) return this
    this.add({ type: 'received', node: to, from: ROOT + from, datagram: this.#events.length, bytes: 1 })
    return isNew
      ? this.add({ type: 'stored', node: to, origin: ROOT + origin, seq, text: 'x', from: ROOT + from })
      : this
  }

  status(from: number, to: number, why: EventOf<'sent'>['why'] = 'ack'): this {
    this.sent(from, to, { why, content: { kind: 'status', pairs: [] } })
    return this.add({ type: 'received', node: to, from: ROOT + from, datagram: this.#events.length, bytes: 1 })
  }

  sampled(node: number, every: number): this {
    return this.add({ type: 'sampling', node, every })
  }

  lab() {
    return fold(EMPTY_LAB, this.#events)
  }

  /** Returns the datagrams that each message caused, in order of appearance. */
  get traffic() {
    return this.lab().messages.map(({ traffic }) => traffic)
  }

  sent(node: number, to: number, more: Pick<EventOf<'sent'>, 'why' | 'content'>) {
    this.add({ type: 'sent', node, to: ROOT + to, bytes: 1, delayMs: 0, ...more })
  }
}

interface RumorName {
  readonly origin?: number
  readonly seq?: number
}

/** Spreads message 0.0 over all four nodes, with each rumor acknowledged. */
const spread = () => new Story().typed(0).rumor(0, 1).rumor(1, 2).status(1, 0).rumor(2, 3).status(2, 1).status(3, 2)

test('a message on a line of 4 causes 3 rumors and 3 acknowledgements', () => {
  expect(spread().traffic).toEqual([{ rumors: 3, repeats: 0, acks: 3, redundant: 0 }])
})

/** A rumor from node 0 to node 1. Node 0 reported late, so its arrival is numbered after its acknowledgement. */
function arrivesLate(story: Story, seq: number): Story {
  story.sent(0, 1, { why: 'new', content: { kind: 'rumor', origin: ROOT, seq } })
  const { n, at } = story.newest
  story.waits(1).status(1, 0)
  return story.add({ type: 'received', node: 1, from: ROOT, datagram: n, bytes: 1 }, at)
}

test('a rumor whose arrival is numbered after its acknowledgement is charged for it, and waits for no other', () => {
  const late = arrivesLate(new Story().typed(0, 0).typed(0, 1), 0)
  expect(late.lab().nodes[1]?.unanswered).toEqual({})
  // The acknowledgement of the next rumor counts for that rumor alone.
  const next = late.rumor(0, 1, { seq: 1 }).status(1, 0)
  expect(next.traffic.map((traffic) => traffic?.acks)).toEqual([1, 1])
  expect(next.lab().nodes[1]?.unanswered[ROOT]).toEqual([])
})

test('with rumors whose arrival is numbered late, the count of acknowledgements never exceeds those sent', () => {
  const story = new Story().typed(0, 0).typed(0, 1).rumor(0, 1, { seq: 1 })
  expect(arrivesLate(story, 0).traffic.map((traffic) => traffic?.acks)).toEqual([0, 1])
})

test('periodic comparisons of nodes add nothing, however long the lab is idle', () => {
  const story = spread()
  for (let round = 0; round < 12; round += 1) story.waits(10_000).status(0, 1, 'anti-entropy').status(1, 0, 'ask')
  story.status(2, 3, 'hello')
  expect(story.traffic).toEqual([{ rumors: 3, repeats: 0, acks: 3, redundant: 0 }])
  expect(story.lab().comparisons).toEqual({ count: 25, since: 0 })
})

test('an acknowledgement of several rumors is shared equally among their messages', () => {
  const story = new Story().typed(0).typed(0, 1).rumor(0, 1).rumor(0, 1, { seq: 1 }).status(1, 0)
  expect(story.traffic.map((traffic) => traffic?.acks)).toEqual([0.5, 0.5])
  // A status too long for one datagram comes in two parts; the second answers nothing more.
  expect(story.status(1, 0).traffic.map((traffic) => traffic?.acks)).toEqual([0.5, 0.5])
})

test('a rumor that is repeated, lost or redundant counts for its message, and so does its answer', () => {
  const story = new Story().typed(0).rumor(0, 1, { fate: 'loss' }).rumor(0, 1, { why: 'repeat' })
  story.status(1, 0).rumor(0, 1, { why: 'coin' }).status(1, 0)
  expect(story.traffic).toEqual([{ rumors: 2, repeats: 1, acks: 2, redundant: 1 }])
})

describe('no message is charged', () => {
  const one = { rumors: 1, repeats: 0, acks: 1, redundant: 0 }
  const begun = () => new Story().typed(0).rumor(0, 1).status(1, 0)

  test('for datagrams of a misbehaving node, nor for the answers to them', () => {
    const story = begun()
    for (let time = 0; time < 50; time += 1)
      story.rumor(0, 1, { why: 'flood' }).status(1, 0).rumor(0, 1, { why: 'replayed' }).status(1, 0)
    expect(story.traffic).toEqual([one])
  })

  test('for duplicates that a link makes', () => {
    const story = begun().add({
      type: 'sent',
      node: 0,
      to: ROOT + 1,
      why: 'new',
      bytes: 1,
      delayMs: 0,
      content: { kind: 'rumor', origin: ROOT, seq: 0 },
      copy: true,
    })
    expect(story.traffic).toEqual([one])
  })

  test('for duplicates that a person makes', () => {
    const held = { type: 'held', node: 0, to: ROOT + 1, why: 'new', bytes: 1 } as const
    const content = { kind: 'rumor', origin: ROOT, seq: 0 } as const
    const story = new Story().typed(0)
    story.add({ ...held, number: 1, ticket: 1, content }).add({ ...held, number: 2, ticket: 2, content, copyOf: 1 })
    story.rumor(0, 1, { held: 1 }).rumor(0, 1, { held: 2 })
    expect(story.traffic[0]).toMatchObject({ rumors: 1 })
  })
})

describe('while nodes report only samples', () => {
  test('the trail of a message is unknown, also of one in flight when sampling began', () => {
    const story = new Story().typed(0).rumor(0, 1).status(1, 0)
    story.waits(60_000).typed(1).sampled(2, 4).rumor(1, 2, { origin: 1 })
    story.typed(2).sampled(2, 1).waits(60_000).typed(3).rumor(3, 2, { origin: 3 }).status(2, 3)
    const [before, underWay, during, after] = story.traffic
    expect(before).toEqual({ rumors: 1, repeats: 0, acks: 1, redundant: 0 })
    expect([underWay, during]).toEqual([null, null])
    expect(after).toEqual({ rumors: 1, repeats: 0, acks: 1, redundant: 0 })
  })

  test('a copy from a node that samples leaves a gap in the trail', () => {
    const story = new Story().typed(0).sampled(0, 2).waits(60_000).sampled(0, 2)
    story.add({ type: 'stored', node: 1, origin: ROOT, seq: 0, text: 'x', from: ROOT })
    expect(story.traffic).toEqual([null])
  })

  test('the count of statuses that answer no rumor restarts when all datagrams are reported again', () => {
    const story = spread().status(0, 1, 'anti-entropy').sampled(1, 8).status(0, 1, 'anti-entropy').sampled(1, 1)
    const { at } = story.lab()
    expect(story.status(0, 1, 'anti-entropy').lab().comparisons).toEqual({ count: 1, since: at })
  })
})

test('a node that ended has no pending acknowledgement in its next life', () => {
  const story = new Story()
    .typed(0)
    .rumor(0, 1)
    .add({ type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] })
  story.add({ type: 'starting', node: 1, generation: 1, pid: 1, seed: 1 }).status(1, 0)
  expect(story.traffic).toEqual([{ rumors: 1, repeats: 0, acks: 0, redundant: 0 }])
})

test('a datagram of several rumors is shared equally among their messages, and so is its acknowledgement', () => {
  const story = new Story().typed(0).typed(0, 1)
  const content = { kind: 'rumor', origin: ROOT, seq: 0, more: [[ROOT, 1]] } as const
  story.sent(0, 1, { why: 'new', content })
  story.add({ type: 'received', node: 1, from: ROOT, datagram: story.newest.n, bytes: 1 })
  for (const seq of [0, 1]) story.add({ type: 'stored', node: 1, origin: ROOT, seq, text: 'x', from: ROOT })
  story.status(1, 0)
  expect(story.traffic).toEqual([0, 1].map(() => ({ rumors: 0.5, repeats: 0, acks: 0.5, redundant: 0 })))
})
