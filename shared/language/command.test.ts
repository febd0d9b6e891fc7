import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS, SETTING_BOUNDS, type Settings } from '../gossip/settings.ts'
import { MAX_LINK_DELAY_MS, MAX_NODES } from '../model/lab-settings.ts'
import { TOPOLOGIES } from '../model/topology.ts'
import { type Command, MAX_LINE_BYTES, parseCommand } from './command.ts'
import { formatCommand } from './command-format.ts'
import { COMMAND_FORMS, LAB_COMMANDS, NODE_COMMANDS } from './command-forms.ts'

const whole = (max: number, min = 0) => fc.integer({ min, max })
const id = whole(MAX_NODES - 1)
const word = fc.stringMatching(/^[!-~]{1,8}$/)
const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((it) => !it.includes('\n'))

const setting = fc
  .constantFrom<(keyof Settings)[]>('fanout', 'window', 'coin', 'ackTimeoutMs', 'antiEntropyMs', 'retries')
  .chain((name) => {
    const { min, max, whole: isWhole } = SETTING_BOUNDS[name]
    const value = isWhole ? whole(max, min) : fc.double({ min, max, noNaN: true }).map((it) => (it === 0 ? 0 : it))
    return value.map((it): [string, number] => [name, it])
  })
const settings = (minLength: number) =>
  fc
    .uniqueArray(setting, { minLength, maxLength: 4, selector: ([name]) => name })
    .map((pairs): Partial<Settings> => Object.fromEntries(pairs))

const kind = <Kind extends string>(it: Kind) => fc.constant(it)
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ kind: kind('start'), id, n: whole(MAX_NODES, 1), port: whole(65_535, 1) })
    .map((start) => ({ ...start, id: start.id % start.n })),
  fc.record({ kind: kind('msg'), id, messageId: word, text }),
  fc.record({ kind: kind('chatLog'), id }),
  fc.record({ kind: kind('crash'), id }),
  fc.record({ kind: kind('key'), on: fc.boolean() }),
  fc.record({ kind: kind('delay'), ms: whole(MAX_LINK_DELAY_MS) }),
  fc.record({
    kind: kind('network'),
    n: whole(MAX_NODES, 1),
    topology: fc.constantFrom(...TOPOLOGIES),
    settings: settings(0),
  }),
  fc.record({ kind: kind('set'), settings: settings(1) }),
  fc.record({ kind: kind('viewers'), may: fc.constantFrom<('watch' | 'chat')[]>('watch', 'chat') }),
  fc.record({ kind: kind('exit') }),
  fc.record({ kind: kind('help'), topic: fc.constantFrom('', 'all', 'link', 'hold timers', 'faults') }),
)

test('every command is read back from its own line', () => {
  fc.assert(
    fc.property(commands, (command) => {
      expect(parseCommand(formatCommand(command))).toEqual({ ok: true, command })
    }),
  )
})

test('no line makes the parser throw, and an error points into the line or just behind it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('0 start', '3 msg 1', 'network 4', 'set coin=')), (line) => {
      const parsed = parseCommand(line)
      if (parsed.ok) return
      expect(parsed.column).toBeGreaterThanOrEqual(1)
      expect(parsed.column).toBeLessThanOrEqual(line.length + 2)
    }),
  )
})

describe('the words of proxy.py', () => {
  test('the text of a message is what follows its id and one space, verbatim', () => {
    expect(parseCommand('0 msg 1  two  spaces, a comma ')).toEqual({
      ok: true,
      command: { kind: 'msg', id: 0, messageId: '1', text: ' two  spaces, a comma ' },
    })
  })

  test('any word that begins with crash is a crash, whatever follows', () => {
    for (const line of ['2 crash', '2 crashXXX', '2 crash now please'])
      expect(parseCommand(line)).toEqual({ ok: true, command: { kind: 'crash', id: 2 } })
  })

  test('a node is started as the report prints it', () => {
    const command = { kind: 'start', id: 1, n: 4, port: 20_001 }
    expect(parseCommand('1 start 4 20001')).toEqual({ ok: true, command })
  })
})

describe('an error, with its place', () => {
  const cases: [line: string, error: RegExp, column: number][] = [
    ['', /the line is empty/, 1],
    ['dance', /Unknown command 'dance'\. help lists all commands$/, 1],
    ['1000 crash', /<id> must be a whole number from 0 to 999/, 1],
    ['4 start 4 20000', /has ids 0 to 3/, 1],
    ['0 start x 20000', /<n> must be a whole number/, 9],
    ['0 start 4 70000', /<port> must be a whole number/, 11],
    ['0 start 4 20000 now', /is not expected here/, 17],
    ['0 msg', /msg <messageID> <text>/, 6],
    ['0 msg 1', /the text is empty/, 9],
    ['0 get', /after get, write chatLog/, 7],
    ['0 get log', /after get, write chatLog/, 7],
    ['0 sing', /Unknown command 'sing'\. Commands of a node are start, msg, get chatLog, crash and signal$/, 3],
    ['0', /after 0, write start, msg, get chatLog, crash or signal/, 2],
    ['delay soon', /delay <ms>/, 7],
    ['key', /after key, write on or off/, 5],
    ['key maybe', /on or off/, 5],
    ['key on now', /is not expected here/, 8],
    ['network 4 tree', /after network <n>, write a topology: line, ring/, 11],
    ['set', /after set, write/, 1],
    ['viewers', /after viewers, write may/, 9],
    ['viewers may', /after viewers may, write watch or chat/, 13],
    ['viewers may act', /watch or chat/, 13],
    ['set colour=1', /no setting/, 5],
    ['set coin=2', /from 0 to 1/, 10],
    ['set fanout=1.5', /whole number/, 12],
    ['set fanout=1=2', /whole number/, 12],
    ['set __proto__=1', /no setting/, 5],
    ['0 msg 1 a\n1 crash', /one line/, 10],
    ['x'.repeat(MAX_LINE_BYTES + 1), /at most/, MAX_LINE_BYTES],
  ]
  test.each(cases)('%j', (line, error, column) => {
    const parsed = parseCommand(line)
    expect(parsed).toEqual({ ok: false, error: expect.stringMatching(error), column })
  })
})

test('one word resets every setting, and the reset is written as that word', () => {
  const command = { kind: 'set', settings: DEFAULTS }
  expect(parseCommand('set defaults')).toEqual({ ok: true, command })
  expect(formatCommand({ kind: 'set', settings: DEFAULTS })).toBe('set defaults')
  expect(parseCommand('set defaults coin=1')).toMatchObject({ ok: false, column: 14 })
})

test.each([
  ['set fanout=1 coin=0.5 fanout=2', 'fanout', 23],
  ['network 4 line fanout=1 fanout=1', 'fanout', 25],
  ['link 0 1 loss 5 delay 10 loss 6', 'loss', 26],
  ['link * cut cut off', 'cut', 12],
])('%j gives the same setting twice, and is refused', (line, name, column) => {
  expect(parseCommand(line)).toEqual({ ok: false, error: `${name} is given twice: leave one out`, column })
})

describe('a typing error is answered with the probable word', () => {
  const cases: [line: string, error: string][] = [
    ['0 mgs 1 hello', "Unknown command 'mgs'. Did you mean 'msg'?"],
    ['0 crahs', "Unknown command 'crahs'. Did you mean 'crash'?"],
    ['mgs', "Unknown command 'mgs'. Did you mean 'msg'? Write it as <id> msg <messageID> <text>"],
    ['msg 1 hello', "'msg' needs the id of a node first: <id> msg <messageID> <text>"],
    ['netwrok 4 ring', "Unknown command 'netwrok'. Did you mean 'network'?"],
    ['lnik 0 1 cut', "Unknown command 'lnik'. Did you mean 'link'?"],
    ['Hold on', "Unknown command 'Hold'. Did you mean 'hold'?"],
    ['hold tmiers on', "after hold, write on, off, timers, or a link: 0 1, 0>1 or *. Did you mean 'timers'?"],
    [
      'network 4 rnig',
      "after network <n>, write a topology: line, ring, star, grid, mesh, random, small-world, scale-free or geometric. Did you mean 'ring'?",
    ],
    [
      'link 0 1 losss 5',
      "after the link, write cut, loss, duplicate, reorder, delay, jitter or heal. Did you mean 'loss'?",
    ],
    ['node 1 hord on', "after node 1, write hoard, forge, replay, flood or babble. Did you mean 'hoard'?"],
    ['set fanuot=1', "there is no setting 'fanuot'. Did you mean 'fanout'?"],
    ['set default', "there is no setting 'default'. Did you mean 'defaults'?"],
    ['0 get chatlog', "after get, write chatLog. Did you mean 'chatLog'?"],
    ['help lnik', "no command contains 'lnik'. Did you mean 'link'?"],
    // No word is suggested when none is near.
    ['xyz', "Unknown command 'xyz'. help lists all commands"],
    ['go', "Unknown command 'go'. help lists all commands"],
    ['network'.repeat(20), `Unknown command '${'network'.repeat(20).slice(0, 40)}…'. help lists all commands`],
  ]
  test.each(cases)('%j', (line, error) => {
    expect(parseCommand(line)).toMatchObject({ ok: false, error })
  })

  test('each command is found from every swap of two of its letters, unless that is another command', () => {
    for (const name of [...LAB_COMMANDS, ...NODE_COMMANDS])
      for (let place = 1; place < name.length; place += 1) {
        const typed = `${name.slice(0, place - 1)}${name[place]}${name[place - 1]}${name.slice(place + 1)}`
        if (typed === name) continue
        const parsed = parseCommand(NODE_COMMANDS.includes(name) ? `0 ${typed}` : typed)
        expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(`Did you mean '${name}'?`) })
      }
  })
})

test('help names every kind of command', () => {
  expect(COMMAND_FORMS.map(({ form }) => form.split(' ').find((it) => !it.startsWith('<')))).toEqual(
    expect.arrayContaining([
      'start',
      'msg',
      'get',
      'crash',
      'exit',
      'delay',
      'key',
      'network',
      'set',
      'viewers',
      'help',
    ]),
  )
})
