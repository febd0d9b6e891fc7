import { expect, test } from 'vitest'
import { complete } from './completion.ts'

const known = { n: 4, basePort: 20_000 }
const line = (typed: string) => complete(typed, known)?.line
const options = (typed: string) => complete(typed, known)?.options

test('a word that is certain is finished', () => {
  expect(line('ne')).toBe('network ')
  expect(line('1 cr')).toBe('1 crash ')
  expect(line('1 get ')).toBe('1 get chatLog ')
  expect(line('network 8 ri')).toBe('network 8 ring ')
})

test('what could come is listed when it is not certain', () => {
  expect(options('1 ')).toEqual(['start', 'msg', 'get', 'crash'])
  expect(options('network 4 ')).toContain('mesh')
})

test('what all have in common is added', () => {
  expect(complete('set a', known)).toEqual({ line: 'set a', options: ['ackTimeoutMs=', 'antiEntropyMs='] })
  expect(line('set an')).toBe('set antiEntropyMs=')
})

test('a node is started again as it was', () => {
  expect(line('2 start ')).toBe('2 start 4 ')
  expect(line('2 start 4 ')).toBe('2 start 4 20002 ')
})

test('settings can follow each other', () => {
  expect(line('set coin=0.5 wi')).toBe('set coin=0.5 window=')
  expect(line('network 4 line fanout=1 co')).toBe('network 4 line fanout=1 coin=')
})

test('what can be explained is finished behind help', () => {
  expect(line('help li')).toBe('help link ')
  expect(options('help h')).toEqual(['help', 'heal', 'hold'])
})

test('there is nothing to add to a text or to nonsense', () => {
  expect(complete('1 msg 1 cr', known)).toBeNull()
  expect(complete('nonsense ', known)).toBeNull()
  expect(complete('1 crash ', known)).toBeNull()
})
