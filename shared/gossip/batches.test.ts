import { describe, expect, test } from 'vitest'
import { LEFT, lines, ME, RIGHT, rumor, sends, status, TestNode } from './fixture.ts'
import { MAX_BATCH_BYTES, MAX_BATCH_RUMORS } from './limits.ts'
import { DEFAULTS, type Settings } from './settings.ts'
import { byteLength } from './text.ts'
import { encodeDatagram, type Pair } from './wire.ts'

/** Shorter than the time after which an unanswered rumor is repeated. */
const BATCH_MS = 40

/** A status of a neighbour that takes batches. */
const offer = (sender: number, ...pairs: Pair[]) => ({ ...status(sender, ...pairs), takesBatches: true as const })

/** A node with one neighbour, whose first status has come. */
function met(takesBatches = true, settings: Partial<Settings> = {}) {
  const node = new TestNode({ ...DEFAULTS, batchMs: BATCH_MS, ...settings }, { neighbours: [RIGHT] })
  node.start()
  node.turn(takesBatches ? offer(RIGHT, [RIGHT, 0]) : status(RIGHT, [RIGHT, 0]))
  return node
}

const typed = (node: TestNode, ...texts: string[]) => texts.flatMap((text) => node.type(text))

describe('while batches are off', () => {
  test('a node neither offers nor sends them, and takes them', () => {
    const node = new TestNode(DEFAULTS, { neighbours: [RIGHT] })
    expect(lines(node.start())).toEqual([`${RIGHT} <- status:${ME}:{${ME}:0}`])
    node.turn(offer(RIGHT, [RIGHT, 0]))
    expect(lines(typed(node, 'a', 'b'))).toEqual([
      `${RIGHT} <- rumor:${ME}:{a,${ME},0}`,
      `${RIGHT} <- rumor:${ME}:{b,${ME},1}`,
    ])
    node.turn({ kind: 'batch', sender: RIGHT, rumors: [rumor(RIGHT, RIGHT, 0), rumor(RIGHT, RIGHT, 1)] })
    expect(node.gossip.log.lowestNotSeen(RIGHT)).toBe(2)
  })
})

describe('a neighbour that does not say that it takes batches', () => {
  test('gets the report’s datagrams', () => {
    const node = met(false)
    expect(lines(typed(node, 'a', 'b'))).toEqual([
      `${RIGHT} <- rumor:${ME}:{a,${ME},0}`,
      `${RIGHT} <- rumor:${ME}:{b,${ME},1}`,
    ])
    node.pass(300)
    expect(lines(node.turn(status(RIGHT, [ME, 0])))).toEqual([
      `${RIGHT} <- rumor:${ME}:{a,${ME},0}`,
      `${RIGHT} <- rumor:${ME}:{b,${ME},1}`,
    ])
  })

  test('any more gets them from its next status on, also for waiting messages', () => {
    const node = met()
    typed(node, 'a', 'b', 'c')
    node.turn(status(RIGHT, [ME, 1]))
    expect(lines(node.pass(BATCH_MS))).toEqual([
      `${RIGHT} <- rumor:${ME}:{b,${ME},1}`,
      `${RIGHT} <- rumor:${ME}:{c,${ME},2}`,
    ])
  })

  test('because it is silent is sent them until it speaks again', () => {
    const node = met(true, { retries: 0 })
    typed(node, 'a')
    node.pass(DEFAULTS.ackTimeoutMs)
    expect(lines(typed(node, 'b', 'c'))).toHaveLength(2)
    node.pass(300)
    expect(lines(node.turn(offer(RIGHT, [RIGHT, 0])))).toEqual([
      `${RIGHT} <- rumors:${ME}:{1:a,${ME},0;1:b,${ME},1;1:c,${ME},2}`,
    ])
  })

  test('yet because it begins a new life is sent them', () => {
    const node = met()
    typed(node, 'a', 'b')
    const sent = node.gossip.step({ kind: 'neighbour-up', port: RIGHT, generation: 1 }, node.now)
    expect(lines(sent)).toEqual([`${RIGHT} <- rumor:${ME}:{a,${ME},0}`, `${RIGHT} <- rumor:${ME}:{b,${ME},1}`])
    expect(lines(node.pass(BATCH_MS / 2))).toEqual([])
  })
})

describe('to a neighbour that takes batches', () => {
  test('a message alone leaves at once, and those that come sooner than the delay leave together', () => {
    const node = met()
    expect(lines(typed(node, 'a'))).toEqual([`${RIGHT} <- rumor:${ME}:{a,${ME},0}`])
    expect(lines(typed(node, 'b', 'c'))).toEqual([])
    expect(lines(node.pass(BATCH_MS - 1))).toEqual([])
    expect(lines(node.pass(1))).toEqual([`${RIGHT} <- rumors:${ME}:{1:b,${ME},1;1:c,${ME},2}`])
    node.turn(offer(RIGHT, [ME, 3]))
    node.pass(BATCH_MS)
    expect(lines(typed(node, 'd'))).toEqual([`${RIGHT} <- rumor:${ME}:{d,${ME},3}`])
  })

  test('the rumors of one datagram leave in one', () => {
    const node = new TestNode({ ...DEFAULTS, batchMs: BATCH_MS })
    node.start()
    node.turn(offer(RIGHT, [RIGHT, 0]))
    const rumors = [rumor(LEFT, LEFT, 0, 'a'), rumor(LEFT, LEFT, 1, 'b')]
    expect(lines(node.receive({ kind: 'batch', sender: LEFT, rumors }))).toEqual([
      `${RIGHT} <- rumors:${ME}:{1:a,${LEFT},0;1:b,${LEFT},1}`,
    ])
  })

  test('a full datagram does not wait, and none is longer than its bound', () => {
    const node = met(true, { window: 1_024 })
    const texts = Array.from({ length: 60 }, (_, count) => `${count}`.padEnd(100, 'x'))
    const sent = [...typed(node, ...texts), ...node.pass(BATCH_MS)]
    expect(
      sends(sent).flatMap(({ datagram }) => (datagram.kind === 'batch' ? datagram.rumors : datagram)),
    ).toHaveLength(60)
    for (const { datagram } of sends(sent))
      expect(byteLength(encodeDatagram(datagram))).toBeLessThanOrEqual(MAX_BATCH_BYTES)
    expect(sends(sent).length).toBeLessThan(10)
  })

  test('a datagram takes so many rumors and no more', () => {
    const node = met(true, { window: 1_024 })
    typed(node, 'a')
    node.turn(offer(RIGHT, [ME, 1]))
    const sent = typed(node, ...Array.from({ length: MAX_BATCH_RUMORS }, () => 'x'))
    expect(sends(sent).map(({ datagram }) => datagram.kind === 'batch' && datagram.rumors.length)).toEqual([
      MAX_BATCH_RUMORS,
    ])
  })

  test('the messages that it lacks leave in one datagram, without delay', () => {
    const node = met(false)
    typed(node, 'a', 'b', 'c')
    node.pass(300)
    expect(lines(node.turn(offer(RIGHT, [ME, 0])))).toEqual([
      `${RIGHT} <- rumors:${ME}:{1:a,${ME},0;1:b,${ME},1;1:c,${ME},2}`,
    ])
  })

  test('rumors that are sent for different reasons leave in different datagrams', () => {
    const node = met()
    typed(node, 'a', 'b', 'c')
    node.turn(offer(RIGHT, [ME, 1]))
    node.now += BATCH_MS
    node.gossip.step({ kind: 'wake' }, node.now)
    typed(node, 'd')
    node.now += BATCH_MS - 1
    const sent = sends(node.turn(offer(RIGHT, [ME, 1])))
    expect(sent.map(({ why }) => why)).toEqual(['new', 'missing'])
  })

  test('a message that it sent itself meanwhile does not go back', () => {
    const node = new TestNode({ ...DEFAULTS, batchMs: BATCH_MS })
    node.start()
    node.turn(offer(RIGHT, [RIGHT, 0]))
    node.turn(rumor(LEFT, LEFT, 0))
    node.turn(rumor(LEFT, LEFT, 1))
    node.turn(rumor(RIGHT, LEFT, 0))
    node.turn(rumor(RIGHT, LEFT, 1))
    expect(lines(node.pass(BATCH_MS))).toEqual([])
  })

  test('a message that its status lacks leaves, even if it sent that message itself before', () => {
    const node = met()
    node.turn(rumor(RIGHT, LEFT, 1))
    node.turn(rumor(RIGHT, LEFT, 0))
    node.now += DEFAULTS.ackTimeoutMs
    expect(lines(node.turn(offer(RIGHT, [LEFT, 1])))).toEqual([`${RIGHT} <- rumor:${ME}:{${LEFT}.1,${LEFT},1}`])
  })

  test('a repeated rumor goes alone, in the report’s format', () => {
    const node = met()
    typed(node, 'a', 'b', 'c')
    node.pass(BATCH_MS)
    const again = sends(node.pass(DEFAULTS.ackTimeoutMs)).filter(({ why }) => why === 'repeat')
    expect(again.length).toBeGreaterThan(0)
    expect(again.every(({ datagram }) => datagram.kind === 'rumor')).toBe(true)
  })

  test('waiting messages leave before a crash, and when batches are turned off', () => {
    for (const end of [{ kind: 'crash' }, { kind: 'configure', settings: DEFAULTS }] as const) {
      const node = met()
      typed(node, 'a', 'b', 'c')
      node.turn(offer(RIGHT, [ME, 1]))
      expect(lines(node.gossip.step(end, node.now))[0]).toBe(`${RIGHT} <- rumors:${ME}:{1:b,${ME},1;1:c,${ME},2}`)
    }
  })

  test('a batch is answered by one status', () => {
    const node = met()
    const rumors = [rumor(RIGHT, RIGHT, 0), rumor(RIGHT, LEFT, 0), rumor(RIGHT, LEFT, 1)]
    const acks = sends(node.turn({ kind: 'batch', sender: RIGHT, rumors }))
    expect(acks.map(({ why }) => why)).toEqual(['ack'])
  })
})
