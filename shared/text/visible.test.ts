import { describe, expect, test } from 'vitest'
import { visible } from './visible.ts'

describe('a text to show', () => {
  test.each([
    ['an ANSI escape', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a carriage return', 'all well\rREFUSED ', 'all well\\rREFUSED '],
    ['a bell and a backspace', 'a\x07\x08b', 'a\\x07\\x08b'],
    ['a line that is none', 'one\ntwo\u2028three\x85', 'one\\ntwo\\u2028three\\x85'],
    ['a C1 control', '\x9b31m', '\\x9b31m'],
    ['an override of direction', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
    ['isolates and marks', '\u2066a\u2069\u200f\u061c', '\\u2066a\\u2069\\u200f\\u061c'],
    ['half of a character', 'a\ud83d', 'a\\ud83d'],
    ['a byte that is not UTF-8', 'a\udcff', 'a\\xff'],
    ['what no XML may hold', 'a\ufffe\uffff', 'a\\ufffe\\uffff'],
    ['a byte order mark', '\ufeffa', '\\ufeffa'],
  ])('shows %s as an escape', (_, text, shown) => expect(visible(text)).toBe(shown))

  test.each(['hello', '100% sure, {}', 'C:\\temp', 'größer', 'שלום', 'مرحبا', '日本', '👩‍🏫', '🇨🇭', 'a\u0301', ' '])(
    'is shown unchanged: %s',
    (text) => expect(visible(text)).toBe(text),
  )
})
