import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseScenario, type ScenarioLine } from './scenario.ts'

const stepsOf = (file: string): readonly ScenarioLine[] => {
  const parsed = parseScenario(file)
  expect(parsed).toMatchObject({ ok: true })
  return parsed.ok ? parsed.steps : []
}

test('comments, blank lines and Windows line ends are no scenario lines, and lines keep their numbers', () => {
  const steps = stepsOf('\uFEFF# a comment\r\n\r\n0 msg 1 #1, really\r\n   # another\r\nexit\r\n')
  expect(steps).toMatchObject([
    { line: 3, command: { kind: 'msg', text: '#1, really' } },
    { line: 5, command: { kind: 'exit' } },
  ])
})

describe('a line', () => {
  const until = (condition: object, withinMs = 30_000) => ({ kind: 'until', condition, withinMs })
  const expected = (condition: object) => ({ kind: 'expect', condition })
  const cases: [text: string, step: object][] = [
    ['0 start 4 20000', { kind: 'command', command: { kind: 'start', id: 0, n: 4, port: 20_000 } }],
    ['link 0>1 cut', { kind: 'command', command: { kind: 'link', link: { from: 0, to: 1 }, change: { cut: true } } }],
    ['until agreed', until({ kind: 'agreed' })],
    ['until crashed 1 within 5s', until({ kind: 'crashed', id: 1 }, 5_000)],
    ['until running 1 within 500ms', until({ kind: 'running', id: 1 }, 500)],
    ['until held 3 = 8', until({ kind: 'held', id: 3, is: '=', count: 8 })],
    ['until held 3 >= 8 within 1.5s', until({ kind: 'held', id: 3, is: '>=', count: 8 }, 1_500)],
    ['until copies hello = 3', until({ kind: 'copies', text: 'hello', is: '=', count: 3 })],
    ['expect copies hello <= 3', expected({ kind: 'copies', text: 'hello', is: '<=', count: 3 })],
    ['until waiting = 2', until({ kind: 'waiting', way: null, is: '=', count: 2 })],
    ['until waiting 0>1 >= 2', until({ kind: 'waiting', way: '0>1', is: '>=', count: 2 })],
    ['sleep 500ms', { kind: 'sleep', ms: 500 }],
    ['expect agreed', expected({ kind: 'agreed' })],
    ['expect held 2 = 0', expected({ kind: 'held', id: 2, is: '=', count: 0 })],
    ['expect 3 chatLog a,b c,d', expected({ kind: 'chatLog', id: 3, match: 'is', text: 'a,b c,d' })],
    ['expect 3 chatLog <empty>', expected({ kind: 'chatLog', id: 3, match: 'is', text: '<empty>' })],
    ['expect 3 chatLog contains two words', expected({ kind: 'chatLog', match: 'contains', text: 'two words' })],
    ['expect 3 chatLog lacks network', expected({ kind: 'chatLog', match: 'lacks', text: 'network' })],
    ['expect 3 chatLog contains', expected({ kind: 'chatLog', match: 'is', text: 'contains' })],
  ]
  test.each(cases)('%s', (text, step) => {
    expect(stepsOf(text)).toMatchObject([{ line: 1, text, ...step }])
  })
})

describe('an error, with its place', () => {
  const cases: [line: string, error: RegExp, column: number][] = [
    ['until', /after until, write agreed, running, crashed, held, copies or waiting/, 7],
    ['until dawn', /after until, write/, 7],
    ['until crashed', /<id> must be a whole number/, 15],
    ['until held 3', /compare with =, >= or <=/, 14],
    ['until held 3 < 8', /compare with =, >= or <=/, 14],
    ['until held 3 = many', /<count> must be a whole number/, 16],
    ['until copies', /after copies, write <text> = <count>/, 14],
    ['until copies hello', /compare with =, >= or <=/, 20],
    ['until agreed soon', /to limit the wait, write within 5s/, 14],
    ['until agreed within', /within <time> must be a time such as 500ms or 5s/, 21],
    ['until agreed within 5', /must be a time such as/, 21],
    ['until agreed within 5s please', /is not expected here/, 24],
    ['sleep', /sleep <time> must be a time/, 7],
    ['sleep 2', /500ms or 5s/, 7],
    ['sleep 9999999s', /at most 3600s/, 7],
    ['expect', /after expect, write/, 8],
    ['expect 3', /after expect 3, write chatLog/, 10],
    ['expect 3 chatLog', /after chatLog, write a,b,c, contains a, lacks a or <empty>/, 18],
    ['expect 1000 chatLog a', /<id> must be a whole number/, 8],
    ['expect agreed now', /is not expected here/, 15],
    ['0 sing', /Unknown command 'sing'/, 3],
    ['untill agreed', /Unknown command 'untill'\. Did you mean 'until'\?$/, 1],
    ['until agred', /Did you mean 'agreed'\?$/, 7],
    ['netwrk 4 ring', /Unknown command 'netwrk'\. Did you mean 'network'\?$/, 1],
  ]
  test.each(cases)('%j', (line, error, column) => {
    const problem = { line: 2, column, error: expect.stringMatching(error) }
    expect(parseScenario(`# first\n${line}`)).toEqual({ ok: false, problems: [problem] })
  })

  test('all errors are reported at once', () => {
    const parsed = parseScenario('dance\n0 msg 1 hello\nsing')
    expect(parsed).toMatchObject({ ok: false, problems: [{ line: 1 }, { line: 3 }] })
  })
})

test('no file makes the parser throw', () => {
  const words = fc.constantFrom('until', 'expect', 'sleep', '0', '0>1', 'chatLog', 'within', 'held', '=', '5s', '\n')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((it) => it.join(' ')),
      ),
      (file) => {
        const parsed = parseScenario(file)
        if (!parsed.ok) for (const { column } of parsed.problems) expect(column).toBeGreaterThanOrEqual(1)
      },
    ),
  )
})
