import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../../shared/gossip/settings.ts'
import { parseCommand } from '../../../shared/language/command.ts'
import { type LinkCommand, linksChangedBy } from '../../../shared/language/link-change.ts'
import {
  BEHAVIOURS,
  CHANCE_NAMES,
  type Chance,
  changeLinks,
  conditionOf,
  HEALTHY,
  type LinkCondition,
  type LinkConditions,
  type LinkKey,
} from '../../../shared/model/fault.ts'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../../shared/model/lab-state.ts'
import { lineOf } from '../../model/test-settings.ts'
import { arrangementOf, arrangementWords, linesToRestore } from './arrangement.ts'
import { commandOf, linesToUndo } from './inverse.ts'
import { offerFor } from './offers.ts'

const CUT: LinkCondition = { ...HEALTHY, cut: true }

/** Four nodes that run, with these faults. */
function labWith({ links = {}, hoarder }: { links?: LinkConditions; hoarder?: number } = {}): LabState {
  const nodes = [0, 1, 2, 3].flatMap((node) => [
    { type: 'starting', node, generation: 0, pid: node + 1, seed: 1 } as const,
    { type: 'running', node, tcp: [20_000 + node] } as const,
  ])
  const events = [
    { type: 'network', settings: { ...lineOf(4), gossip: { ...DEFAULTS, antiEntropyMs: 600_000 } } } as const,
    ...nodes,
    { type: 'links', links } as const,
    ...(hoarder === undefined ? [] : [{ type: 'behaves', node: hoarder, behaviours: ['hoard'] } as const]),
  ]
  return fold(
    EMPTY_LAB,
    events.map((event, index) => ({ ...event, n: index + 1, at: index })),
  )
}

function undo(line: string, before = labWith()): string[] {
  const command = commandOf(line)
  if (!command) throw new Error(`${line} is no command`)
  return linesToUndo(command, before)
}

/** Returns the links after lines that change links. */
function after(lines: readonly string[], links: LinkConditions): LinkConditions {
  return lines.reduce((now, line) => {
    const command = commandOf(line) as LinkCommand
    return changeLinks(now, Object.fromEntries(linksChangedBy(command, now)))
  }, links)
}

describe('one fault', () => {
  test.each([
    ['link 0 1 cut', ['link 0 1 heal']],
    ['link 0>1 loss 20 delay 9', ['link 0>1 heal']],
    ['link * loss 5', ['link * heal', 'link 2 3 cut']],
    ['link 2 3 heal', ['link 2 3 cut']],
    ['link 2>3 cut off', ['link 2>3 cut']],
    ['node 1 hoard on', ['node 1 hoard off']],
    ['node 2 hoard off', ['node 2 hoard on']],
    ['heal', ['link 2 3 cut', 'node 2 hoard on']],
    ['delay 10', ['delay 250']],
    ['key on', ['key off']],
    ['1 signal STOP', ['1 signal CONT']],
    ['set coin=1 fanout=2', ['set coin=0.5']],
    ['set defaults', ['set antiEntropyMs=600000']],
    ['exit', [0, 1, 2, 3].map((id) => `${id} start 4 ${20_000 + id}`)],
  ])('%s is undone, and no other one', (line, lines) => {
    expect(undo(line, labWith({ links: { '2>3': CUT, '3>2': CUT }, hoarder: 2 }))).toEqual(lines)
  })

  test.each([
    '1 signal CONT',
    'link 0 1 heal',
    'node 1 hoard off',
    'heal',
    'key off',
    'delay 250',
    'set antiEntropyMs=600000',
  ])('%s, which changes nothing here, offers nothing', (line) => expect(undo(line)).toEqual([]))

  test.each(['0 msg 1 hello', '1 crash', '1 signal KILL', 'restart', 'drop all', 'step', 'hold on', 'help'])(
    '%s cannot be undone by a command, or has a button for that',
    (line) => expect(undo(line)).toEqual([]),
  )
})

const percent = fc.constantFrom(0, 0, 5, 100)
const chances = Object.fromEntries(CHANCE_NAMES.map((name) => [name, percent])) as Record<Chance, typeof percent>
const condition: fc.Arbitrary<LinkCondition> = fc.record({
  cut: fc.boolean(),
  ...chances,
  delayMs: fc.constantFrom(null, null, 0, 30),
  jitterMs: fc.constantFrom(0, 7),
  hold: fc.boolean(),
})
const KEYS: readonly LinkKey[] = ['*', '0>1', '1>0', '1>2', '2>1', '2>3', '3>2']
const links = fc.dictionary(fc.constantFrom(...KEYS), condition).map((all) => changeLinks({}, all as LinkConditions))
const line = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('0 1', '1>2', '2 3', '*'),
      fc.constantFrom('cut', 'cut off', 'loss 5', 'delay 9', 'jitter 3 reorder 1', 'heal'),
    )
    .map(([name, change]) => `link ${name} ${change}`),
  fc.constantFrom('heal', 'delay 250'),
)
const same = (a: LinkConditions, b: LinkConditions) =>
  KEYS.every((key) => JSON.stringify(conditionOf(a, key)) === JSON.stringify(conditionOf(b, key)))

test('any change of links can be undone, whatever their earlier state', () => {
  fc.assert(
    fc.property(links, line, (before, done) => {
      const lab = labWith({ links: before })
      const now = after([done], lab.links)
      expect(same(after(undo(done, lab), now), lab.links)).toBe(true)
    }),
  )
})

describe('a network', () => {
  const before = labWith({ links: { '0>1': CUT, '1>0': CUT, '2>3': { ...HEALTHY, hold: true } }, hoarder: 2 })
  const crashed = fold(before, [
    { n: before.last + 1, at: 9, type: 'ended', node: 3, end: { how: 'crashed' }, stderr: [] },
    { n: before.last + 2, at: 9, type: 'stored', node: 0, origin: 40_000, seq: 0, text: 'hello', from: null },
    { n: before.last + 3, at: 9, type: 'timers', held: true },
  ])
  const arrangement = arrangementOf(crashed)
  if (!arrangement) throw new Error('no network')

  test('is made again with its settings, its faults, its holds and its stopped nodes', () => {
    expect(linesToRestore(arrangement, crashed)).toEqual([
      'network 4 line fanout=2 window=16 coin=0.5 ackTimeoutMs=1000 antiEntropyMs=600000 retries=3 batchMs=0',
      'delay 250',
      'link 0 1 cut',
      'hold 2>3 on',
      'node 2 hoard on',
      'hold timers on',
      '3 crash',
    ])
    for (const line of linesToRestore(arrangement, crashed))
      expect(parseCommand(line), line).toMatchObject({ ok: true })
  })

  test('gets its key back if that changed', () => {
    const keyed = (on: boolean) => ({ settings: { ...lineOf(4), keyed: on } })
    const lines = (was: boolean, is: boolean) => linesToRestore({ ...arrangement, ...keyed(was) }, keyed(is))
    expect(lines(true, false)).toContain('key on')
    expect(lines(false, true)).toContain('key off')
    expect(lines(true, true).join()).not.toContain('key')
  })

  test('is described with the parts that come back, and those that are lost for good', () => {
    expect(arrangementWords(arrangement)).toBe(
      '4 nodes on a line, 250 ms per link, anti-entropy 600 s, link 0–1 cut, misbehaviour of node 2, held, node 3 down',
    )
    expect(offerFor(['network 8 ring', 'delay 5'], crashed)).toMatchObject({
      kind: 'network',
      words: expect.stringMatching(/^4 nodes on a line, .*, without its message$/),
    })
  })

  test('that is the first one replaces nothing', () => {
    expect(offerFor(['network 8 ring'], EMPTY_LAB)).toBeNull()
  })
})

test('every fault of a node can be undone', () => {
  for (const behaviour of BEHAVIOURS) expect(undo(`node 0 ${behaviour} on`)).toEqual([`node 0 ${behaviour} off`])
})
