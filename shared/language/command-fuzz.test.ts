import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCommand } from './command.ts'
import { formatCommand } from './command-format.ts'
import { COMMAND_FORMS } from './command-forms.ts'

/** Words of all commands, in any order, and values that people might try. */
const words = COMMAND_FORMS.flatMap(({ form }) => form.replace(/[[\]<>|]/g, ' ').split(/\s+/)).filter(
  (word) => word !== '',
)
const word = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(
    '0',
    '3',
    '64',
    '-1',
    '0>1',
    '1>1',
    '*',
    'all',
    'coin=1',
    'coin=2',
    'window=1e9',
    '1e99',
    '99999999999',
  ),
  fc.constantFrom('__proto__', 'constructor', '__proto__=1', 'toString=1', '../..', '$(ls)', '\0', '‮', '%00'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
/** Commands as people write them, with an extra, missing or different word. */
const mutated = fc
  .tuple(
    fc.constantFrom(
      ...['0 start 4 20000', '1 msg 1 two words', '2 get chatLog', '3 crash', 'exit', 'delay 10', 'network 4 ring'],
      ...['set coin=0.5', 'key on', 'link 0 1 loss 10', 'node 1 hoard on', 'hold 0>1', 'heal', 'drop 0>1', 'step'],
    ),
    fc.nat(6),
    fc.option(word),
  )
  .map(([line, place, other]) => {
    const all = line.split(' ')
    if (other !== null) all[place] = other
    return all.join(' ')
  })
const lines = fc.oneof(
  mutated,
  fc.array(word, { maxLength: 7 }).map((all) => all.join(' ')),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

test('no line makes the parser throw; it can write and read again each line that it accepts, and points at the error in each other', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(lines, (line) => {
      const parsed = parseCommand(line)
      if (!parsed.ok) {
        expect(parsed.error).not.toBe('')
        expect(parsed.column).toBeGreaterThanOrEqual(1)
        expect(parsed.column).toBeLessThanOrEqual(line.length + 2)
        return
      }
      kinds.add(parsed.command.kind)
      expect(parseCommand(formatCommand(parsed.command))).toEqual(parsed)
    }),
    { numRuns: 20_000, seed: 3 },
  )
  expect(kinds.size).toBeGreaterThan(12)
})
