import { describe, expect, test } from 'vitest'
import { createRandom } from '../gossip/random.ts'
import { HEALTHY, type LinkCondition } from '../model/fault.ts'
import { isChancy, REORDER_AT_LEAST_MS, timeInTheAir } from './air.ts'
import { Gate, MAX_HELD_BYTES, MAX_HELD_DATAGRAMS, type Passage } from './gate.ts'

const datagram = (text: string, to = 1) => ({ text, to })

function gateOf(links: Record<number, Partial<LinkCondition>> = {}) {
  const passed: (Passage & { text: string })[] = []
  const held: { ticket: number; copyOf?: number }[] = []
  const gate = new Gate<ReturnType<typeof datagram>>({
    linkOf: ({ to }) => links[to] && { ...HEALTHY, ...links[to] },
    onPassage: ({ text }, passage) => passed.push({ text, ...passage }),
    onHeld: (_, ticket, copyOf) => held.push({ ticket, ...(copyOf === undefined ? {} : { copyOf }) }),
    bytesOf: ({ text }) => text.length,
    random: createRandom(1),
  })
  const configure = (changed: typeof links) => {
    links = changed
    gate.releaseUnheld()
  }
  return { gate, passed, held, configure }
}

describe('the gate', () => {
  test('passes everything on healthy links, also when other links are faulty', () => {
    const { gate, passed } = gateOf({ 2: { cut: true } })
    gate.pass(datagram('a'))
    expect(passed).toEqual([{ text: 'a' }])
  })

  test('reports datagrams that were cut, lost and duplicated', () => {
    const { gate, passed, configure } = gateOf({ 1: { cut: true } })
    gate.pass(datagram('a'))
    configure({ 1: { loss: 100 } })
    gate.pass(datagram('b'))
    configure({ 1: { duplicate: 100 } })
    gate.pass(datagram('c'))
    expect(passed).toEqual([
      { text: 'a', fate: 'cut' },
      { text: 'b', fate: 'loss' },
      { text: 'c' },
      { text: 'c', copy: true },
    ])
  })

  test('holds datagrams, and lets them go in their order when it stops holding', () => {
    const { gate, passed, held, configure } = gateOf({ 1: { hold: true }, 2: { hold: true } })
    gate.pass(datagram('a'))
    gate.pass(datagram('b', 2))
    gate.pass(datagram('c'))
    expect(held.map(({ ticket }) => ticket)).toEqual([1, 2, 3])
    expect(passed).toEqual([])
    configure({ 2: { hold: true } })
    expect(passed).toEqual([
      { text: 'a', ticket: 1 },
      { text: 'c', ticket: 3 },
    ])
  })

  test('delivers, drops or duplicates a held datagram on request, once', () => {
    const { gate, passed, held } = gateOf({ 1: { hold: true } })
    gate.pass(datagram('a'))
    gate.pass(datagram('b'))
    expect(gate.release(1, 'duplicate')).toBe(true)
    expect(held.at(-1)).toEqual({ ticket: 3, copyOf: 1 })
    expect(gate.release(1, 'drop')).toBe(true)
    expect(gate.release(3, 'deliver')).toBe(true)
    expect([gate.release(1, 'deliver'), gate.release(3, 'duplicate'), gate.release(9, 'drop')]).toEqual(
      Array(3).fill(false),
    )
    expect(passed).toEqual([
      { text: 'a', fate: 'dropped', ticket: 1 },
      { text: 'a', ticket: 3 },
    ])
  })

  test('holds a bounded number, and reports datagrams beyond it', () => {
    const { gate, passed, held } = gateOf({ 1: { hold: true } })
    for (let count = 0; count <= MAX_HELD_DATAGRAMS; count += 1) gate.pass(datagram(`${count}`))
    expect(held).toHaveLength(MAX_HELD_DATAGRAMS)
    expect(passed).toEqual([{ text: `${MAX_HELD_DATAGRAMS}`, fate: 'gate full' }])
  })

  test('holds a bounded number of bytes, and has room again once one has left', () => {
    const { gate, passed, held } = gateOf({ 1: { hold: true } })
    const long = 'x'.repeat(MAX_HELD_BYTES / 4)
    for (let count = 0; count < 5; count += 1) gate.pass(datagram(long))
    expect(held).toHaveLength(4)
    expect(passed.map(({ fate }) => fate)).toEqual(['gate full'])
    gate.release(1, 'drop')
    gate.pass(datagram(long))
    expect(held).toHaveLength(5)
  })
})

describe('the time in the air', () => {
  const times = (link: Partial<LinkCondition>, linkDelayMs: number) => {
    const random = createRandom(1)
    return Array.from({ length: 200 }, () => timeInTheAir({ ...HEALTHY, ...link }, linkDelayMs, random))
  }

  test('is that of the lab, unless the link has its own', () => {
    expect(timeInTheAir(undefined, 250, createRandom(1))).toBe(250)
    expect(new Set(times({}, 250))).toEqual(new Set([250]))
    expect(new Set(times({ delayMs: 0 }, 250))).toEqual(new Set([0]))
  })

  test('varies within the jitter', () => {
    const all = times({ delayMs: 100, jitterMs: 50 }, 0)
    expect(Math.min(...all)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...all)).toBeLessThanOrEqual(150)
    expect(new Set(all).size).toBeGreaterThan(100)
  })

  test('is longer for a datagram that others should overtake, by enough to be overtaken', () => {
    const all = times({ reorder: 30 }, 0)
    const late = all.filter((time) => time > 0)
    expect(late.length).toBeGreaterThan(30)
    expect(late.length).toBeLessThan(90)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(REORDER_AT_LEAST_MS)
  })

  test('is random only with jitter or reordering', () => {
    expect(isChancy({ ...HEALTHY, delayMs: 10, loss: 50 })).toBe(false)
    expect(isChancy({ ...HEALTHY, jitterMs: 1 })).toBe(true)
    expect(isChancy({ ...HEALTHY, reorder: 1 })).toBe(true)
  })
})
