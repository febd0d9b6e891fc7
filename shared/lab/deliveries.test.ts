import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import type { EventOf, LabFact } from '../model/event.ts'
import { MAX_OPEN_DATAGRAMS } from './datagram-matcher.ts'
import { Deliveries, LOST_AFTER_MS, MATCH_PATIENCE_MS } from './deliveries.ts'
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
/** Fields that identify a datagram. */
const HASH = 12

/** Facts that the lab would get from the system. */
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
    onLost: (datagram, why) => losses.push(`${datagram} ${why}`),
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
/** Node 0 sends node 1 a datagram; its number is its time. */
function send(at: number, more: Partial<EventOf<'sent'>> = {}, hash = HASH) {
  const content = { kind: 'rumor', origin: ROOT, seq: 0 } as const
  const event = { type: 'sent', n: at, at, node: 0, to: ROOT + 1, why: 'new', bytes: 9, delayMs: 0, content } as const
  deliveries.send({ ...event, ...more }, hash)
}
const receive = (at: number, hash = HASH) => deliveries.receive({ from: ROOT, hash }, 1, at)
/** All facts that are known long after. */
async function verdicts(until = 100_000) {
  deliveries.giveUp(until)
  // Answers of the system come a moment later.
  for (let turn = 0; turn < 20; turn += 1) await null
  return losses
}

describe('a datagram that does not arrive', () => {
  beforeEach(() => run(1))

  test('has an unknown cause if the system shows none', async () => {
    send(100)
    expect(await verdicts(100 + LOST_AFTER_MS)).toEqual([])
    expect(await verdicts(101 + LOST_AFTER_MS)).toEqual(['100 unknown'])
    system.socket = { inode: '7', drops: 0 }
    send(5_000)
    expect(await verdicts()).toEqual(['100 unknown', '5000 unknown'])
  })

  test('was lost to a full queue if the system counted a drop, one loss for each', async () => {
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

  test('waits for a stopped receiver, and is not lost when that continues', async () => {
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

  test('is early while the node starts, as soon as the node has reported when it listened', async () => {
    deliveries.note(starting(1), 50)
    send(100)
    expect(await verdicts(9_000)).toEqual([])
    deliveries.listen(1, 9_001)
    expect(await verdicts()).toEqual(['100 early'])
  })

  test('is early also when the node never starts', async () => {
    deliveries.note(starting(1), 50)
    send(100)
    deliveries.note(ended(1), 200)
    expect(losses).toEqual(['100 early'])
  })

  test('is not matched with an equal one that arrives later, which would then look lost', async () => {
    deliveries.note(starting(1), 50)
    send(100, { delayMs: 250 })
    deliveries.listen(1, 120)
    send(400, { delayMs: 250 })
    expect(receive(651)).toBe(400)
    expect(await verdicts()).toEqual(['100 early'])
  })

  test('has arrived all the same if its sender was delayed while it sent', async () => {
    deliveries.note(starting(1), 50)
    send(100)
    deliveries.listen(1, 101)
    expect(receive(103)).toBe(100)
    expect(await verdicts()).toEqual([])
  })
})

describe('a datagram to a node that ends', () => {
  beforeEach(() => run(1))

  test('is lost as gone when it was in the air', async () => {
    send(100, { delayMs: 5_000 })
    deliveries.note(killed(1), 200)
    expect(losses).toEqual(['100 gone'])
  })

  test('is gone when it had arrived and was not read before a typed crash: such a node reports everything', () => {
    send(100)
    deliveries.note(ended(1), 101)
    expect(losses).toEqual(['100 gone'])
  })

  test('may have arrived when a kill discarded the last reports', () => {
    send(100)
    deliveries.note(killed(1), 104)
    send(110)
    deliveries.note(ended(1, 'stopped'), 111)
    expect(losses).toEqual(['100 unreported'])
  })

  test('has arrived if that is reported, though its sender reports it after the end', async () => {
    deliveries.note(ended(1), 200)
    send(100)
    expect(receive(101)).toBe(100)
    send(150, { delayMs: 100 })
    expect(losses).toEqual(['150 gone'])
    expect(await verdicts()).toEqual(['150 gone'])
  })

  test('and has ended is gone, and the node’s later states change nothing', async () => {
    deliveries.note(ended(1), 200)
    send(300)
    run(1, 400)
    expect(await verdicts()).toEqual(['300 gone'])
  })

  test('goes to the program that is on the port now, and the lab cannot know its fate', async () => {
    deliveries.note(ended(1), 200)
    system.strangers.add(ROOT + 1)
    send(300)
    expect(await verdicts()).toEqual(['300 unreported'])
  })

  test('sent to the life before and reported late is not matched with the next life', async () => {
    deliveries.note(ended(1), 200)
    run(1, 300)
    send(150)
    send(310)
    expect(receive(311)).toBe(310)
    expect(await verdicts()).toEqual(['150 gone'])
  })
})

describe('a datagram with an unknowable end is unreported', () => {
  test('to a port that belongs to no node of this lab', async () => {
    send(100, { to: ROOT + 3 })
    send(101, { to: 9_999 })
    expect(await verdicts()).toEqual(['100 unreported', '101 unreported'])
  })

  test('to a node that left it out of its samples, whether the node still samples or not', async () => {
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

  test('and the next equal one that is reported is not matched with it', async () => {
    run(1)
    deliveries.sample(1, 8, 50)
    send(100)
    deliveries.sample(1, 1, 200)
    send(300)
    expect(receive(301)).toBe(300)
    expect(await verdicts()).toEqual(['100 unreported'])
  })

  test('past the bound on followed datagrams', async () => {
    run(1)
    for (let n = 0; n < MAX_OPEN_DATAGRAMS; n += 1) send(100, { n }, n)
    send(101)
    expect(losses).toEqual(['101 unreported'])
  })
})

test('a sending may still be reported while its sender lives, and not later', () => {
  run(0)
  expect(deliveries.mayBeReported(ROOT, 20, 21)).toBe(true)
  expect(deliveries.mayBeReported(ROOT + 1, 20, 21)).toBe(false)
  expect(deliveries.mayBeReported(9_999, 20, 21)).toBe(false)
  expect(deliveries.mayBeReported(ROOT, 20, 20 + MATCH_PATIENCE_MS)).toBe(false)
  deliveries.note(ended(0), 100)
  expect(deliveries.mayBeReported(ROOT, 99, 101)).toBe(false)
})
