import { describe, expect, test } from 'vitest'
import { MAX_NAME_CHARS, MAX_SAYING_CHARS, nameProblem, sayingProblem, tidyName } from './saying.ts'

describe('a name', () => {
  test.each(['Ada', 'Zoë O’Brien-Łukasz', '李小龍', 'நிலா', 'ada_99', 'J. R.'])('may be %s', (name) => {
    expect(nameProblem(name)).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['markup', '<b>Ada</b>'],
    ['what looks like an event', 'Ada: 0 crash'],
    ['a line turned round', 'Ada\u202egnp'],
    ['a name with nothing to see in it', 'A\u200bda'],
    ['more than a line', 'Ada\nEve'],
    ['a pile of marks', `A${'\u0301'.repeat(8)}`],
    ['marks alone', '\u0301'],
    ['a long one', 'a'.repeat(MAX_NAME_CHARS + 1)],
  ])('is not %s', (_, name) => {
    expect(nameProblem(name)).toMatch(/name/)
  })

  test('is the same with equivalent accents and spaces', () => {
    expect(tidyName('  Zoe\u0308   B ')).toBe('Zoë B')
  })
})

describe('a message', () => {
  test('may be any text, also markup: the page shows it as text', () => {
    for (const text of ['hello', '<img src=x onerror=alert(1)>', 'שלום', '👩‍🏫 ok', 'a, b "c"', "%3Cscript%3E'"])
      expect(sayingProblem(text), text).toBeUndefined()
  })

  test.each([
    ['nothing', '   '],
    ['too much', 'x'.repeat(MAX_SAYING_CHARS + 1)],
    ['a second line', 'hello\n0 crash'],
    ['a line turned round', '\u202eolleh'],
    ['half a character', '\ud800'],
    ['a terminal’s orders', '\u001b[2J'],
  ])('is not %s', (_, text) => {
    expect(sayingProblem(text)).toMatch(/text|message/)
  })
})
