import { describe, expect, test } from 'vitest'
import { SWEEP_HEAD, sweepLines } from './sweep.ts'
import { parseSweep } from './sweep-options.ts'

const parse = (line: string) => parseSweep(line.split(' '))
const valuesOf = (name: 'nodes' | 'coin' | 'seed', range: string) =>
  parse(`--sweep --${name} ${range}`).runs.map((run) => run[name])

describe('a range', () => {
  test('is a list of values and of steps', () => {
    expect(valuesOf('nodes', '10,100,20..26:3')).toEqual([10, 100, 20, 23, 26])
    expect(valuesOf('seed', '1..4')).toEqual([1, 2, 3, 4])
    expect(valuesOf('coin', '0..0.3:0.1')).toEqual([0, 0.1, 0.2, 0.3])
    expect(valuesOf('coin', '0.5,0.5')).toEqual([0.5])
  })

  test.each([
    '',
    '1',
    '0',
    '-1',
    '10..',
    '..10',
    '10..5',
    '10..20:0',
    '10..20:0.5',
    'ten',
    '2.5',
    '1e3',
    '10,,20',
    '100001',
  ])("is refused as '%s' nodes with a sentence", (range) =>
    expect(() => parseSweep(['--sweep', `--nodes=${range}`])).toThrow(
      '--nodes takes whole numbers from 2 to 100,000, as 1,2 or FROM..TO:STEP, not',
    ),
  )

  test('is refused when it makes too many values, runs, or links', () => {
    expect(() => parse('--sweep --seed 0..999999999')).toThrow('--seed has 1,000,000,000 values')
    expect(() => parse('--sweep --seed 1..1000 --fanout 1..64')).toThrow(
      'these ranges make 64,000 runs; at most 10,000',
    )
    expect(() => parse('--sweep --topology mesh --nodes 100000')).toThrow('links times messages')
    expect(() => parse('--sweep --nodes 100000 --messages 1')).not.toThrow()
    expect(() => parse('--sweep --nodes 100000 --messages 1 --delay 1000000')).toThrow()
    expect(() => parse('--sweep --nodes 100000 --messages 1 --delay 1000')).toThrow('rounds of anti-entropy')
  })
})

test('other arguments are refused by name', () => {
  expect(() => parse('--sweep --topology line,tree')).toThrow("not 'tree'")
  expect(() => parse('--sweep --messages 1..3')).toThrow('--messages takes one number')
  expect(() => parse('--sweep --height 3')).toThrow("Unknown option '--height'")
})

test('a sweep has a line of CSV for each message of each run, and the same ones for the same seeds', () => {
  const sweep = parse('--sweep --topology line,ring --nodes 4,6 --loss 0,20 --seed 1..2 --messages 2')
  const lines = [...sweepLines(sweep)]
  expect(lines).toHaveLength(1 + 2 * 2 * 2 * 2 * 2)
  expect(lines.slice(0, 2)).toEqual([SWEEP_HEAD, 'line,4,2,0.5,0,1,0,1,0,1,3,3,1,2,0'])
  for (const line of lines) expect(line.split(',')).toHaveLength(SWEEP_HEAD.split(',').length)
  expect([...sweepLines(sweep)]).toEqual(lines)
})
