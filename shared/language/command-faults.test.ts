import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BEHAVIOURS, CHANCE_NAMES, type Chance } from '../model/fault.ts'
import { MAX_LINK_DELAY_MS, MAX_NODES } from '../model/lab-settings.ts'
import { type Command, parseCommand } from './command.ts'
import type { FaultCommand, LinkChange } from './command-faults.ts'
import { formatCommand } from './command-format.ts'
import { COMMAND_FORMS } from './command-forms.ts'

const whole = (max: number, min = 0) => fc.integer({ min, max })
const id = whole(MAX_NODES - 1)
const percent = fc.oneof(whole(100), fc.constantFrom(0.5, 12.25))
const ends = fc.tuple(id, id).filter(([from, to]) => from !== to)
const way = ends.map(([from, to]) => ({ from, to }))
const link = fc.oneof(
  fc.constant({ ways: 'all' as const }),
  fc.tuple(fc.constantFrom('both' as const, 'one' as const), way).map(([ways, rest]) => ({ ways, ...rest })),
)
const chances = Object.fromEntries(CHANCE_NAMES.map((name) => [name, percent])) as Record<Chance, typeof percent>
const change = fc
  .record(
    {
      cut: fc.boolean(),
      ...chances,
      delayMs: whole(MAX_LINK_DELAY_MS),
      jitterMs: whole(MAX_LINK_DELAY_MS),
    },
    { requiredKeys: [] },
  )
  .filter((it) => Object.keys(it).length > 0) as fc.Arbitrary<LinkChange>
const number = whole(999_999_999, 1)
const kind = <Kind extends string>(it: Kind) => fc.constant(it)

const commands: fc.Arbitrary<FaultCommand> = fc.oneof(
  fc.record({ kind: kind('link'), link, change: fc.oneof(change, fc.constant('heal' as const)) }),
  fc.record({ kind: kind('behaviour'), id, behaviour: fc.constantFrom(...BEHAVIOURS), on: fc.boolean() }),
  fc.record({ kind: kind('hold'), link, on: fc.boolean() }),
  fc.record({ kind: kind('timers'), held: fc.boolean() }),
  fc.record({
    kind: kind('release'),
    how: fc.constantFrom('deliver' as const, 'drop' as const),
    which: fc.oneof(number, way, fc.constant('all' as const)),
  }),
  fc.record({ kind: kind('release'), how: fc.constant('duplicate' as const), which: fc.oneof(number, way) }),
  fc.record({ kind: fc.constantFrom('heal' as const, 'step' as const) }),
)

test('every fault is read back from its own line', () => {
  fc.assert(
    fc.property(commands, (command) => {
      expect(parseCommand(formatCommand(command))).toEqual({ ok: true, command })
    }),
  )
})

describe('the meaning of a line', () => {
  const both = { ways: 'both', from: 0, to: 1 } as const
  const one = { ways: 'one', from: 0, to: 1 } as const
  const all = { ways: 'all' } as const
  const cases: [line: string, command: Command][] = [
    ['link 0 1 loss 20', { kind: 'link', link: both, change: { loss: 20 } }],
    ['link 0 1 loss 20%', { kind: 'link', link: both, change: { loss: 20 } }],
    ['link 0>1 cut', { kind: 'link', link: one, change: { cut: true } }],
    ['link 0>1 cut off', { kind: 'link', link: one, change: { cut: false } }],
    ['link 0 1 heal', { kind: 'link', link: both, change: 'heal' }],
    ['link 0 1 delay 100 jitter 50', { kind: 'link', link: both, change: { delayMs: 100, jitterMs: 50 } }],
    ['link * loss 10 cut duplicate 5', { kind: 'link', link: all, change: { loss: 10, cut: true, duplicate: 5 } }],
    ['node 2 hoard on', { kind: 'behaviour', id: 2, behaviour: 'hoard', on: true }],
    ['hold on', { kind: 'hold', link: all, on: true }],
    ['hold 0>1', { kind: 'hold', link: one, on: true }],
    ['hold 0 1 off', { kind: 'hold', link: both, on: false }],
    ['hold timers on', { kind: 'timers', held: true }],
    ['deliver 3', { kind: 'release', how: 'deliver', which: 3 }],
    ['drop 0>1', { kind: 'release', how: 'drop', which: { from: 0, to: 1 } }],
    ['deliver all', { kind: 'release', how: 'deliver', which: 'all' }],
  ]
  test.each(cases)('%s', (line, command) => {
    expect(parseCommand(line)).toEqual({ ok: true, command })
  })
})

describe('an error, with its place', () => {
  const cases: [line: string, error: RegExp, column: number][] = [
    ['link', /name a link: 0 1 for both ways, 0>1 for one way, or \* for every link/, 6],
    ['link a b cut', /name a link/, 6],
    ['link 0', /<id> must be a whole number from 0 to 999/, 8],
    ['link 0 0 cut', /two different nodes/, 8],
    ['link 0>0 cut', /two different nodes/, 8],
    ['link 0>1000 cut', /<id> must be a whole number/, 8],
    ['link 0 1', /cut, loss, duplicate, reorder, delay, jitter or heal/, 10],
    ['link 0 1 slow', /after the link, write/, 10],
    ['link 0 1 loss', /loss <percent> must be a number from 0 to 100/, 15],
    ['link 0 1 loss 101', /from 0 to 100/, 15],
    ['link 0 1 delay x', /delay <ms> must be a whole number/, 16],
    ['link 0 1 cut heal', /heal cannot be combined/, 14],
    ['link 0 1 heal now', /is not expected here/, 15],
    ['node', /<id> must be a whole number/, 6],
    ['node 2 sulk on', /after node 2, write hoard, forge, replay, flood or babble/, 8],
    ['node 2 hoard', /after hoard, write on or off/, 14],
    ['hold', /after hold, write/, 6],
    ['hold it', /after hold, write/, 6],
    ['hold 0>1 maybe', /on or off/, 10],
    ['hold timers', /on or off/, 13],
    ['deliver', /after deliver, write the number of a held datagram, 0>1 for the oldest there or all/, 9],
    ['duplicate all', /after duplicate, write/, 11],
    ['deliver 0', /<number> must be a whole number from 1/, 9],
    ['step 2', /is not expected here/, 6],
    ['heal 2', /is not expected here/, 6],
  ]
  test.each(cases)('%j', (line, error, column) => {
    expect(parseCommand(line)).toEqual({ ok: false, error: expect.stringMatching(error), column })
  })
})

test('help names every fault', () => {
  const forms = COMMAND_FORMS.map(({ form }) => form).join('\n')
  for (const word of ['cut', 'loss', 'duplicate', 'reorder', 'delay', 'heal', ...BEHAVIOURS, 'hold', 'deliver', 'drop'])
    expect(forms).toContain(word)
})
