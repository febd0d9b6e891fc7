import { expect, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { HEALTHY, type LinkCondition, type LinkConditions } from './fault.ts'
import type { NodeStatus } from './lab-state.ts'
import { diameterOf, distancesFrom, linksFrom, membersOf, partsOf, pushedFrom, reachOf } from './reach.ts'
import { neighboursOf } from './topology.ts'

const settings = {
  n: 4,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  rootId: 40_000,
  basePort: 20_000,
  gossip: DEFAULTS,
} as const

/** Four nodes on a line. */
const reach = (links: LinkConditions = {}, statuses: readonly NodeStatus[] = Array(4).fill('running')) =>
  reachOf({ settings, nodes: statuses.map((status) => ({ status })), links })
const is = (change: Partial<LinkCondition>): LinkCondition => ({ ...HEALTHY, ...change })

test('a crash in the middle cuts a line in two', () => {
  expect(reach({}, ['running', 'crashed', 'running', 'starting']).parts).toEqual([0, -1, 2, 2])
})

test('a ring survives one crash in one part', () => {
  expect(partsOf(neighboursOf('ring', 4), [true, false, true, true])).toEqual([0, -1, 0, 0])
})

test('a link that is cut, one way or both, or loses everything, connects nothing', () => {
  expect(reach({ '1>2': is({ cut: true }) }).parts).toEqual([0, 0, 2, 2])
  expect(reach({ '2>1': is({ cut: true }) }).parts).toEqual([0, 0, 2, 2])
  expect(reach({ '1>2': is({ loss: 100 }) }).parts).toEqual([0, 0, 2, 2])
  expect(reach({ '*': is({ cut: true }) }).parts).toEqual([0, 1, 2, 3])
})

test('a link that loses much, is slow, or is held connects its ends', () => {
  expect(reach({ '*': is({ loss: 99, delayMs: 60_000, hold: true }) }).parts).toEqual([0, 0, 0, 0])
})

test('a push follows the open direction of a link that is cut the other way, and stops at a node that is down', () => {
  const oneWay = { '2>1': is({ cut: true }) }
  expect([...pushedFrom([0], reach(oneWay))]).toEqual([0, 1, 2, 3])
  expect([...pushedFrom([3], reach(oneWay))]).toEqual([3, 2])
  expect([...pushedFrom([0], reach(oneWay, ['running', 'running', 'crashed', 'running']))]).toEqual([0, 1])
})

test('the ends of a line are as far apart as it has links', () => {
  expect(distancesFrom(neighboursOf('line', 4), 0)).toEqual([0, 1, 2, 3])
  expect(distancesFrom(neighboursOf('ring', 6), 0)).toEqual([0, 1, 2, 3, 2, 1])
})

test('a path crosses only running nodes, and its length is its number of links', () => {
  expect(linksFrom(0, reach())).toEqual([0, 1, 2, 3])
  const crashed = reach({}, ['running', 'crashed', 'running', 'running'])
  expect(linksFrom(0, crashed)).toEqual([0, Infinity, Infinity, Infinity])
  expect(linksFrom(3, crashed)).toEqual([Infinity, Infinity, 1, 0])
  expect(linksFrom(0, reach({ '1>2': is({ cut: true }) }))).toEqual([0, 1, Infinity, Infinity])
})

test('each part has its members, and a node that does not run is in none', () => {
  expect(membersOf(reach({}, ['running', 'crashed', 'running', 'starting']).parts)).toEqual([[0], [2, 3]])
})

test('the diameter of a network is the longest shortest path between running nodes', () => {
  expect(diameterOf(neighboursOf('ring', 6))).toBe(3)
  expect(diameterOf(neighboursOf('ring', 6), [true, false, true, true, true, true])).toBe(4)
  expect(diameterOf(neighboursOf('line', 4), [true, false, true, true])).toBe(1)
})

test('the distance is infinite where no path exists', () => {
  expect(distancesFrom([[], []], 0)).toEqual([0, Number.POSITIVE_INFINITY])
})
