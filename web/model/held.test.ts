import { expect, test } from 'vitest'
import { HEALTHY, type LinkConditions } from '../../shared/model/fault.ts'
import { EMPTY_LAB, type LabState } from '../../shared/model/lab-state.ts'
import { holdLines, holdWords } from './held.ts'

const closed = { ...HEALTHY, hold: true }
const lab = (links: LinkConditions, timersHeld: boolean, held: LabState['held'] = {}) => ({
  ...EMPTY_LAB,
  links,
  timersHeld,
  held,
  nodes: [],
})
const waiting: LabState['held'] = {
  3: {
    number: 3,
    from: 40_000,
    to: 40_001,
    heldAt: 0,
    ticket: 3,
    bytes: 30,
    copyOf: null,
    why: 'new',
    content: { kind: 'rumor', origin: 40_000, seq: 0 },
  },
}

test('the button pauses the timers before it holds datagrams, and undoes any hold', () => {
  expect(holdLines(lab({}, false))).toEqual(['hold timers on', 'hold on'])
  expect(holdLines(lab({ '*': closed }, true))).toEqual(['hold off', 'hold timers off'])
  expect(holdLines(lab({ '*': closed }, false))).toEqual(['hold off'])
  expect(holdLines(lab({ '0>1': closed }, false))).toEqual(['hold off'])
  expect(holdLines(lab({}, true))).toEqual(['hold timers off'])
  // A healed link keeps its held datagrams.
  expect(holdLines(lab({}, false, waiting))).toEqual(['hold off'])
})

test('the timers of programs of others are not the lab’s to pause: the button holds datagrams alone', () => {
  expect(holdLines({ ...lab({}, false), nodes: [{ id: 0, lacks: { abilities: ['timers'] } }] })).toEqual(['hold on'])
})

test.each([
  ['every gate and the timers', { '*': closed }, true, /^Every .* nothing moves/],
  ['every gate', { '*': closed }, false, /^Every .* timers keep running/],
  ['a gate and the timers', { '0>1': closed }, true, /^Datagrams are held at some gates.*no node repeats a datagram/],
  ['every gate but one', { '*': closed, '0>1': { ...HEALTHY, loss: 5 } }, true, /^Datagrams are held at some gates/],
  ['a gate', { '0>1': closed }, false, /^Datagrams are held at some gates.*timers keep running/],
  ['the timers', {}, true, /^Only the protocol’s timers are stopped: datagrams pass, and no node repeats any\.$/],
  ['no gate any more', {}, false, /^New datagrams pass again/],
] satisfies [string, LinkConditions, boolean, RegExp][])(
  'the bar names the parts that still move while %s is held',
  (_, links, timers, words) => {
    expect(holdWords(lab(links, timers))).toMatch(words)
  },
)

test('it names datagrams that are still held when no gate is closed any more', () => {
  for (const timersHeld of [true, false])
    expect(holdWords(lab({}, timersHeld, waiting))).toMatch(/These datagrams are still held\.$/)
})
