import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import type { EventOf, LabFact } from '../model/event.ts'
import { MAX_OPEN_ARROWS } from './datagram-matcher.ts'
import { ARROW_LOST_AFTER_MS, Deliveries, MATCH_PATIENCE_MS } from './deliveries.ts'
import type { UdpSocket } from './node-host.ts'

const ROOT = 40_000
const settings = {
  n: 3,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  basePort: 20_000,
  rootId: ROOT,
  gossip: DEFAULTS,
} as const
/** What tells one datagram from another. */
const HASH = 12

/** What the lab would know from the system. */
let system: { socket: UdpSocket | undefined; strangers: Set<number>; responsiveFor: number }
let losses: string[]
let deliveries: Deliveries

beforeEach(() => {
  system = { socket: undefined, strangers: new Set(), responsiveFor: Number.POSITIVE_INFINITY }
  losses = []
  deliveries = new Deliveries({
    sockets: { at: async () => system.socket },
    isStranger: async (port) => system.strangers.has(port),
    responsiveFor: () => system.responsiveFor,
    onLost: (arrow, why) => losses.push(`${arrow} ${why}`),
  })
  deliveries.note({ type: 'network', settings }, 0)
})

const starting = (node: number): LabFact => ({ type: 'starting', node, generation: 0, pid: 1, seed: 1 })
const ended = (node: number, how: 'crashed' | 'stopped' = 'crashed'): LabFact => {
  return { type: 'ended', node, end: { how }, stderr: [] }
}
const killed = (node: number): LabFact => {
  return { type: 'ended', node, end: { how: 'killed', signal: 'SIGKILL' }, stderr: [] }
}
/** A node that has started and listened by `at`. */
function run(node: number, at = 10) {
  deliveries.note(starting(node), at - 5)
  deliveries.listen(node, at - 1)
  deliveries.note({ type: 'running', node, tcp: [] }, at)
}
/** Node 0 sends node 1 a datagram; its number is the time. */
function send(at: number, more: Partial<EventOf<'sent'>> = {}, hash = HASH) {
  const content = { kind: 'rumor', origin: ROOT, seq: 0 } as const
  const event = { type: 'sent', n: at, at, node: 0, to: ROOT + 1, why: 'new', bytes: 9, delayMs: 0, content } as const
  deliveries.send({ ...event, ...more }, hash)
}
const receive = (at: number, hash = HASH) => deliveries.receive({ from: ROOT, hash }, 1, at)
/** All that is known long after. */
async function verdicts(until = 100_000) {
  deliveries.giveUp(until)
  // What the system is asked for comes a moment later.
  for (let turn = 0; turn < 20; turn += 1) await null
  return losses
}

describe('a datagram that does not arrive', () => {
  beforeEach(() => run(1))

  test('has an unknown cause where the system shows none', async () => {
    send(100)
    expect(await verdicts(100 + ARROW_LOST_AFTER_MS)).toEqual([])
    expect(await verdicts(101 + ARROW_LOST_AFTER_MS)).toEqual(['100 unknown'])
    system.socket = { inode: '7', drops: 0 }
    send(5_000)
    expect(await verdicts()).toEqual(['100 unknown', '5000 unknown'])
  })

  test('was lost to a full queue where the system counted a drop, one for each', async () => {
    system.socket = { inode: '7', drops: 2 }
    for (const at of [100, 101, 102]) send(at)
    expect(await verdicts(9_000)).toEqual(['100 overflow', '101 overflow', '102 unknown'])
    system.socket = { inode: '7', drops: 3 }
    for (const at of [10_000, 10_001]) send(at)
    expect((await verdicts()).slice(3)).toEqual(['10000 overflow', '10001 unknown'])
  })

  test('finds the drops of its receiver’s next socket counted anew', async () => {
    system.socket = { inode: '7', drops: 1 }
    send(100)
    await verdicts(9_000)
    system.socket = { inode: '8', drops: 1 }
    send(10_000)
    expect(await verdicts()).toEqual(['100 overflow', '10000 overflow'])
  })

  test('waits for a receiver that is stopped, and is not lost when that goes on', async () => {
    system.responsiveFor = 0
    send(100)
    expect(await verdicts(60_000)).toEqual([])
    expect(receive(60_001)).toBe(100)
    system.responsiveFor = Number.POSITIVE_INFINITY
    expect(await verdicts()).toEqual([])
  })
})

describe('a datagram to a node that does not listen yet', () => {
  test('is early, and not gone, before the node is started', async () => {
    send(100)
    expect(await verdicts(100 + MATCH_PATIENCE_MS)).toEqual([])
    expect(await verdicts(101 + MATCH_PATIENCE_MS)).toEqual(['100 early'])
  })

  test('is early while the node starts, as soon as it has said when it listened', async () => {
    deliveries.note(starting(1), 50)
    send(100)
    expect(await verdicts(9_000)).toEqual([])
    deliveries.listen(1, 9_001)
    expect(await verdicts()).toEqual(['100 early'])
  })

  test('is early also when the node does not come up at all', async () => {
    deliveries.note(starting(1), 50)
    send(100)
    deliveries.note(ended(1), 200)
    expect(losses).toEqual(['100 early'])
  })

  test('is not taken for an equal one that arrives later, which would then look lost', async () => {
    deliveries.note(starting(1), 50)
    send(100, { delayMs: 250 })
    deliveries.listen(1, 120)
    send(400, { delayMs: 250 })
    expect(receive(651)).toBe(400)
    expect(await verdicts()).toEqual(['100 early'])
  })

  test('has arrived all the same where its sender was held up as it sent', async () => {
    deliveries.note(starting(1), 50)
    send(100)
    deliveries.listen(1, 101)
    expect(receive(103)).toBe(100)
    expect(await verdicts()).toEqual([])
  })
})

describe('a datagram to a node that ends', () => {
  beforeEach(() => run(1))

  test('is gone when it was in the air', async () => {
    send(100, { delayMs: 5_000 })
    deliveries.note(killed(1), 200)
    expect(losses).toEqual(['100 gone'])
  })

  test('is gone when it had come and was not read before a crash by command: that reports everything', () => {
    send(100)
    deliveries.note(ended(1), 101)
    expect(losses).toEqual(['100 gone'])
  })

  test('may have arrived when a kill took the last reports along', () => {
    send(100)
    deliveries.note(killed(1), 104)
    send(110)
    deliveries.note(ended(1, 'stopped'), 111)
    expect(losses).toEqual(['100 unreported'])
  })

  test('has arrived where that is reported, though its sender reports it after the end', async () => {
    deliveries.note(ended(1), 200)
    send(100)
    expect(receive(101)).toBe(100)
    send(150, { delayMs: 100 })
    expect(losses).toEqual(['150 gone'])
    expect(await verdicts()).toEqual(['150 gone'])
  })

  test('and has ended is gone, and whatever the node becomes later changes nothing', async () => {
    deliveries.note(ended(1), 200)
    send(300)
    run(1, 400)
    expect(await verdicts()).toEqual(['300 gone'])
  })

  test('goes to whoever is on the port now, and nobody here knows what they do with it', async () => {
    deliveries.note(ended(1), 200)
    system.strangers.add(ROOT + 1)
    send(300)
    expect(await verdicts()).toEqual(['300 unreported'])
  })

  test('sent to the life before and reported late is not given to the next life', async () => {
    deliveries.note(ended(1), 200)
    run(1, 300)
    send(150)
    send(310)
    expect(receive(311)).toBe(310)
    expect(await verdicts()).toEqual(['150 gone'])
  })
})

describe('a datagram whose end nobody can tell is unreported', () => {
  test('to a port that is no node’s of this lab', async () => {
    send(100, { to: ROOT + 3 })
    send(101, { to: 9_999 })
    expect(await verdicts()).toEqual(['100 unreported', '101 unreported'])
  })

  test('to a node that left it out of its samples, whether it samples still or not', async () => {
    run(1)
    deliveries.sample(1, 8, 50)
    send(100)
    deliveries.sample(1, 1, 200)
    expect(await verdicts()).toEqual(['100 unreported'])
  })

  test('but not one that belongs to the samples', async () => {
    run(1)
    deliveries.sample(1, 4, 50)
    send(100)
    expect(await verdicts()).toEqual(['100 unknown'])
  })

  test('and the next equal one that is reported is not taken for it', async () => {
    run(1)
    deliveries.sample(1, 8, 50)
    send(100)
    deliveries.sample(1, 1, 200)
    send(300)
    expect(receive(301)).toBe(300)
    expect(await verdicts()).toEqual(['100 unreported'])
  })

  test('past the number that is followed', async () => {
    run(1)
    for (let n = 0; n < MAX_OPEN_ARROWS; n += 1) send(100, { n }, n)
    send(101)
    expect(losses).toEqual(['101 unreported'])
  })
})

test('whether a sending may still be reported depends on whether its sender lives', () => {
  run(0)
  expect(deliveries.mayBeReported(ROOT, 20, 21)).toBe(true)
  expect(deliveries.mayBeReported(ROOT + 1, 20, 21)).toBe(false)
  expect(deliveries.mayBeReported(9_999, 20, 21)).toBe(false)
  expect(deliveries.mayBeReported(ROOT, 20, 20 + MATCH_PATIENCE_MS)).toBe(false)
  deliveries.note(ended(0), 100)
  expect(deliveries.mayBeReported(ROOT, 99, 101)).toBe(false)
})
