import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import type { Pair } from '../gossip/wire.ts'
import type { LabEvent, LabFact, NodeReport } from '../model/event.ts'
import { memoryOf } from '../model/event-memory.ts'
import { fold } from '../model/fold.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'
import { MAX_PAST_BYTES, MAX_PAST_EVENTS } from '../model/past-bounds.ts'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { LOST_AFTER_MS, MATCH_PATIENCE_MS } from './deliveries.ts'
import { MAX_WAITING_BYTES, ORDERING_WINDOW_MS, RELEASE_EVERY_MS, Sequencer } from './sequencer.ts'

const ROOT = 40_000
const settings: LabSettings = {
  n: 2,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  basePort: 20_000,
  rootId: ROOT,
  gossip: DEFAULTS,
}
/** Interval of the search for overdue datagrams, in ms. */
const OVERDUE_EVERY_MS = 500
/** Number of events past which a burst waits no longer. */
const MAX_WAITING = 75_000
/** Past this time, in ms, everything reported has its number. */
const SOON = ORDERING_WINDOW_MS + 2 * RELEASE_EVERY_MS

let machine: VirtualMachine

beforeEach(() => {
  machine = new VirtualMachine(NO_SOCKETS)
})

function sequencerOf(...facts: LabFact[]) {
  const releases: number[] = []
  const watching = { anybody: true }
  const sequencer = new Sequencer({
    platform: machine,
    now: machine.now,
    onRelease: () => releases.push(sequencer.state.last),
    isWatched: () => watching.anybody,
    sockets: { at: async () => undefined },
    isStranger: async () => false,
    responsiveFor: () => Number.POSITIVE_INFINITY,
  })
  for (const fact of facts) sequencer.append(fact)
  const events = () => sequencer.read(sequencer.oldest, Number.MAX_SAFE_INTEGER)
  const types = () => events().map(({ type }) => type)
  return { sequencer, releases, watching, events, types }
}

const network: LabFact = { type: 'network', settings }
const starting = (node: number): LabFact => ({ type: 'starting', node, generation: 0, pid: 1, seed: 1 })
const ended = (node: number): LabFact => ({ type: 'ended', node, end: { how: 'crashed' }, stderr: [] })
const twoNodes = [network, starting(0), starting(1)]
const command = (line: string): LabFact => ({ type: 'command', by: 'rest', line, output: [] })
const content = { kind: 'rumor', origin: ROOT, seq: 0 } as const
const sent = (at: number, more: Partial<Extract<NodeReport, { type: 'sent' }>> = {}): NodeReport => ({
  type: 'sent',
  at,
  to: ROOT + 1,
  why: 'new',
  bytes: 9,
  delayMs: 0,
  content,
  hash: 7,
  ...more,
})
const PAIRS = Array.from({ length: 1_000 }, (_, place): Pair => [ROOT + place, 1])
/** A status of a lab whose nodes were restarted often, sent just now by node 1. */
const longStatus = () => sent(machine.now(), { to: ROOT, content: { kind: 'status', pairs: PAIRS } })
const received = (at: number, more: Partial<Extract<NodeReport, { type: 'received' }>> = {}): NodeReport => ({
  type: 'received',
  at,
  from: ROOT,
  bytes: 9,
  hash: 7,
  ...more,
})
/** Returns reports of `count` messages that a node has stored now, with numbers from `from` on. */
const stored = (from: number, count: number) =>
  Array.from({ length: count }, (_, index): NodeReport => {
    return { type: 'stored', at: machine.now(), origin: ROOT, seq: from + index, text: 'hi', from: null }
  })

const ofType = <Type extends LabEvent['type']>(events: readonly LabEvent[], type: Type) =>
  events.filter((event): event is Extract<LabEvent, { type: Type }> => event.type === type)

describe('event numbers', () => {
  test('follow time, not arrival', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    sequencer.appendReports(1, [received(12)])
    sequencer.appendReports(0, [sent(10)])
    machine.advance(SOON)
    expect(events().map(({ at, type }) => [at, type])).toEqual([
      [0, 'network'],
      [0, 'starting'],
      [0, 'starting'],
      [10, 'sent'],
      [12, 'received'],
    ])
  })

  test('count from 1 without gaps and never change', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    machine.advance(SOON)
    const before = events()
    sequencer.append(command('exit'))
    // A late event: an event after it already has its number.
    sequencer.appendReports(0, [sent(0)])
    machine.advance(SOON)
    expect(events().slice(0, before.length)).toEqual(before)
    expect(events().map(({ n }) => n)).toEqual(events().map((_, index) => index + 1))
    expect(ofType(events(), 'sent')[0]?.at).toBe(0)
  })

  test('are assigned later after late reports, so that the next ones are in order of time', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    machine.advance(500)
    // A report that arrives 60 ms late: the one after it may be as late.
    sequencer.appendReports(0, [sent(machine.now() - 60)])
    machine.advance(200)
    const at = machine.now()
    sequencer.appendReports(1, [sent(at, { to: ROOT })])
    machine.advance(45)
    sequencer.appendReports(0, [sent(at - 1)])
    machine.advance(200)
    expect(
      events()
        .slice(-2)
        .map((event) => event.at),
    ).toEqual([at - 1, at])
  })

  test('are not assigned before the ordering window has passed', () => {
    const { sequencer, events } = sequencerOf()
    sequencer.append(command('exit'))
    machine.advance(ORDERING_WINDOW_MS - 1)
    expect(events()).toEqual([])
    machine.advance(RELEASE_EVERY_MS + 1)
    expect(events()).toHaveLength(1)
  })
})

describe('a datagram', () => {
  test('is one object: the event of its arrival names the event of its sending', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    sequencer.appendReports(0, [sent(1)])
    sequencer.appendReports(1, [received(2)])
    machine.advance(SOON)
    expect(ofType(events(), 'received')[0]?.datagram).toBe(ofType(events(), 'sent')[0]?.n)
    expect(sequencer.state.inFlight).toEqual({})
  })

  test('whose arrival is reported first waits for the report of its sending', () => {
    const { sequencer, events, types } = sequencerOf(...twoNodes)
    sequencer.appendReports(1, [received(2)])
    machine.advance(MATCH_PATIENCE_MS / 2)
    expect(types()).not.toContain('received')
    sequencer.appendReports(0, [sent(1)])
    machine.advance(SOON)
    expect(ofType(events(), 'received')[0]?.datagram).toBe(ofType(events(), 'sent')[0]?.n)
  })

  test('whose sending is never reported arrives without one, after a while', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    sequencer.appendReports(1, [received(2)])
    machine.advance(MATCH_PATIENCE_MS + SOON)
    expect(ofType(events(), 'received')[0]?.datagram).toBeNull()
  })

  test('from a stranger does not wait for a report that cannot come', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    sequencer.appendReports(1, [received(2, { from: 9_999 })])
    machine.advance(SOON)
    expect(ofType(events(), 'received')[0]?.datagram).toBeNull()
  })

  test('that does not arrive is reported as lost, and only then', async () => {
    const { sequencer, events } = sequencerOf(...twoNodes, { type: 'running', node: 1, tcp: [] })
    sequencer.appendReports(1, [{ type: 'listening', at: 0 }])
    sequencer.appendReports(0, [sent(1)])
    machine.advance(LOST_AFTER_MS)
    expect(ofType(events(), 'lost')).toEqual([])
    await machine.advanceAsync(SOON + OVERDUE_EVERY_MS)
    expect(ofType(events(), 'lost')).toMatchObject([{ datagram: 4 + 1, why: 'unknown' }])
    expect(events().map(({ type }) => type)).not.toContain('listening')
  })

  test('that was in the air when its receiver ended is reported as lost right after that end', () => {
    const { sequencer, types } = sequencerOf(...twoNodes, { type: 'running', node: 1, tcp: [] })
    sequencer.appendReports(0, [sent(1, { delayMs: 5_000 })])
    machine.advance(SOON)
    sequencer.append(ended(1))
    machine.advance(SOON)
    expect(types().slice(-2)).toEqual(['ended', 'lost'])
    expect(sequencer.state.inFlight).toEqual({})
  })
})

test('an event with the time of a node’s own clock has an uncertainty, and an event that the node did not report is inferred', () => {
  const { sequencer, events } = sequencerOf(...twoNodes)
  const reports: NodeReport[] = [sent(1), { at: 1, type: 'neighbour', port: ROOT + 1, inferred: true }]
  sequencer.appendReports(0, reports, (at) => at + 1, 0.5)
  machine.advance(SOON)
  expect(ofType(events(), 'sent')).toMatchObject([{ at: 2, uncertaintyMs: 0.5 }])
  expect(ofType(events(), 'neighbour')).toMatchObject([{ at: 2, uncertaintyMs: 0.5, inferred: true }])
  // Times of the lab's own clock have no uncertainty.
  expect(events().filter((event) => 'uncertaintyMs' in event)).toHaveLength(2)
})

test('a line from a TCP client is a command of the proxy', () => {
  const { sequencer, events } = sequencerOf(...twoNodes)
  sequencer.appendReports(1, [{ type: 'line', at: 1, line: 'msg 1 hello' }])
  machine.advance(SOON)
  expect(ofType(events(), 'command')).toMatchObject([{ by: 'proxy', line: '1 msg 1 hello', at: 1 }])
})

test('the state is the fold of all events, whatever their batches', () => {
  const { sequencer, events, releases } = sequencerOf(...twoNodes)
  for (let step = 0; step < 20; step += 1) {
    const at = machine.now()
    sequencer.appendReports(0, [
      { type: 'stored', at, origin: ROOT, seq: step, text: `${step}`, from: null },
      sent(at, { hash: step }),
    ])
    sequencer.appendReports(1, [received(at + 1, { hash: step })])
    machine.advance(15)
  }
  sequencer.append(ended(0))
  machine.advance(SOON)
  expect(releases.length).toBeGreaterThan(5)
  expect(sequencer.state).toEqual(fold(EMPTY_LAB, events()))
  expect(sequencer.state.last).toBe(events().length)
})

describe('the sequencer', () => {
  test('keeps a bounded number of events, the newest, and the state of all', () => {
    const { sequencer, events } = sequencerOf()
    const batch = () => Array.from({ length: 20_000 }, (): NodeReport => ({ type: 'sampling', at: 0, every: 2 }))
    for (let count = 0; count <= MAX_PAST_EVENTS; count += 20_000) sequencer.appendReports(0, batch())
    // A burst may take longer to get its numbers.
    machine.advance(20 * SOON)
    expect(events().length).toBeLessThanOrEqual(MAX_PAST_EVENTS)
    expect(events().length).toBeGreaterThan(MAX_PAST_EVENTS * 0.8)
    expect(events().at(-1)?.n).toBe(sequencer.state.last)
    expect(sequencer.oldest).toBe(sequencer.state.last - events().length + 1)
  })

  test('keeps a bounded length of text', () => {
    const { sequencer, events } = sequencerOf()
    const line = 'x'.repeat(MAX_PAST_BYTES / 100)
    for (let count = 0; count < 150; count += 1) {
      sequencer.append(command(line))
      machine.advance(SOON)
    }
    expect(events().length).toBeLessThanOrEqual(100)
    expect(events().length).toBeGreaterThan(80)
    expect(sequencer.oldest).toBe(150 - events().length + 1)
  })

  test('returns events from a number on, up to a limit', () => {
    const { sequencer } = sequencerOf(...Array.from({ length: 10 }, (_, index) => command(`${index}`)))
    machine.advance(SOON)
    expect(sequencer.read(4, 3).map(({ n }) => n)).toEqual([4, 5, 6])
    expect(sequencer.read(11, 3)).toEqual([])
  })

  test('lets a burst wait while nobody watches, but not a caller', async () => {
    const { sequencer, watching } = sequencerOf(...twoNodes)
    machine.advance(SOON)
    watching.anybody = false
    sequencer.appendReports(0, stored(0, 2_000))
    machine.advance(1_000)
    expect(sequencer.last).toBe(3)
    const flushed = sequencer.flushed()
    await machine.advanceAsync(SOON)
    await flushed
    expect(sequencer.state.nodes[0]?.messages).toBe(2_000)
    sequencer.appendReports(0, stored(2_000, 2_000))
    machine.advance(SOON)
    expect(sequencer.state.nodes[0]?.messages).toBe(2_000)
    watching.anybody = true
    machine.advance(200)
    expect(sequencer.state.nodes[0]?.messages).toBe(4_000)
    watching.anybody = false
    sequencer.appendReports(0, stored(4_000, 2_000))
    machine.advance(3_000)
    expect(sequencer.state.nodes[0]?.messages).toBe(6_000)
  })

  test('releases a burst that has grown too large', () => {
    const { sequencer, watching } = sequencerOf(...twoNodes)
    machine.advance(SOON)
    watching.anybody = false
    sequencer.appendReports(0, stored(0, MAX_WAITING - 1))
    machine.advance(1_000)
    expect(sequencer.last).toBe(3)
    sequencer.appendReports(0, stored(MAX_WAITING - 1, 1))
    machine.advance(SOON)
    expect(sequencer.state.nodes[0]?.messages).toBe(MAX_WAITING)
  })

  test('releases all waiting reports once they take too much memory, even few and new ones', () => {
    const { sequencer } = sequencerOf(...twoNodes)
    machine.advance(SOON)
    const count = Math.ceil(MAX_WAITING_BYTES / memoryOf(longStatus()))
    sequencer.appendReports(0, Array.from({ length: count - 1 }, longStatus))
    expect(sequencer.last).toBe(3)
    sequencer.appendReports(0, [longStatus(), longStatus()])
    expect(sequencer.last).toBe(3 + count + 1)
    expect(sequencer.state.last).toBe(sequencer.last)
  })

  test('matches a datagram whose sending is reported after such a release', () => {
    const { sequencer, events } = sequencerOf(...twoNodes)
    machine.advance(SOON)
    sequencer.appendReports(1, [received(machine.now())])
    const count = Math.ceil(MAX_WAITING_BYTES / memoryOf(longStatus())) + 1
    sequencer.appendReports(1, Array.from({ length: count }, longStatus))
    sequencer.appendReports(0, [sent(machine.now() - 0.1)])
    machine.advance(SOON)
    const sending = events().findLast(
      ({ type, node }: { type: string; node?: number }) => type === 'sent' && node === 0,
    )
    expect(events().find(({ type }) => type === 'received')).toMatchObject({ datagram: sending?.n })
  })

  test('is flushed when the state contains everything that happened before', async () => {
    const { sequencer } = sequencerOf(...twoNodes)
    const flushed = sequencer.flushed().then(() => sequencer.state.last)
    await machine.advanceAsync(SOON)
    expect(await flushed).toBe(3)
  })

  test('numbers all waiting events when it closes', () => {
    const { sequencer, events } = sequencerOf(command('exit'))
    sequencer.appendReports(0, [{ type: 'neighbour', at: 0, port: ROOT + 1 }])
    sequencer.close()
    expect(events()).toHaveLength(2)
  })
})
