import { expect, test } from 'vitest'
import type { Ability } from '../../shared/model/lacks.ts'
import { complete } from './completion.ts'

const known = { n: 4, basePort: 20_000, isAble: () => true }
const line = (typed: string) => complete(typed, known)?.line
const options = (typed: string) => complete(typed, known)?.options

test('an unambiguous word is completed', () => {
  expect(line('ne')).toBe('network ')
  expect(line('1 cr')).toBe('1 crash ')
  expect(line('1 get ')).toBe('1 get chatLog ')
  expect(line('network 8 ri')).toBe('network 8 ring ')
})

test('an ambiguous word gets a list', () => {
  expect(options('1 ')).toEqual(['start', 'msg', 'get', 'crash', 'signal'])
  expect(options('network 4 ')).toContain('mesh')
})

test('the common prefix is added', () => {
  expect(complete('set a', known)).toEqual({ line: 'set a', options: ['ackTimeoutMs=', 'antiEntropyMs='] })
  expect(line('set an')).toBe('set antiEntropyMs=')
})

test('a start repeats the node’s previous arguments', () => {
  expect(line('2 start ')).toBe('2 start 4 ')
  expect(line('2 start 4 ')).toBe('2 start 4 20002 ')
})

test('settings can follow each other', () => {
  expect(line('set coin=0.5 wi')).toBe('set coin=0.5 window=')
  expect(line('network 4 line fanout=1 co')).toBe('network 4 line fanout=1 coin=')
})

test('topics are completed behind help', () => {
  expect(line('help li')).toBe('help link ')
  expect(options('help h')).toEqual(['help', 'heal', 'hold'])
})

test('nothing is added to a text or to an invalid line', () => {
  expect(complete('1 msg 1 cr', known)).toBeNull()
  expect(complete('nonsense ', known)).toBeNull()
  expect(complete('1 crash ', known)).toBeNull()
})

test('commands and words that no node of the lab supports are not proposed', () => {
  const lacking = new Set<Ability>(['cut', 'hold', 'settings', 'ring', 'timers', 'hoard'])
  const isAble = (ability: Ability) => !lacking.has(ability)
  const proposed = (typed: string) => complete(typed, { ...known, isAble })
  expect(proposed('hold ')?.line).toBe('hold off ')
  expect(proposed('link 0 1 ')?.options).not.toContain('cut')
  expect(proposed('link 0 1 ')?.options).toContain('loss')
  expect(proposed('node 1 ')?.options).not.toContain('hoard')
  expect(proposed('network 4 ')?.options).not.toContain('ring')
  expect(proposed('network 4 line ')).toBeNull()
  expect(proposed('se')).toBeNull()
  expect(proposed('ste')).toBeNull()
})
