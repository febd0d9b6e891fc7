import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLesson } from './lesson.ts'

const HEAD = ['---', 'title: A title', 'shows: something', 'minutes: 2', '---']
const SETUP = ['```', 'network 4 line', '```']
const ASKED = ['# One', '', '? Who?', '- [ ] one', '- [x] two', '', '```', '0 msg 1 hello', '```']

const problemsOf = (...lines: readonly string[]) => {
  const parsed = parseLesson(lines.join('\n'))
  return parsed.ok ? [] : parsed.problems.map(({ line, column, error }) => `${line}:${column}: ${error}`)
}

test('a lesson is what its file says, in order, and its lines keep their numbers', () => {
  const file = [
    ...HEAD,
    '',
    ...SETUP,
    '# First',
    'One sentence',
    'that goes on.',
    '',
    'Another.',
    ...ASKED.map((line) => line.replace('# One', '# Second')),
    'Because.',
    '= time hello',
    '= hops 3 hello',
  ].join('\r\n')
  expect(parseLesson(`\uFEFF${file}`)).toMatchObject({
    ok: true,
    lesson: {
      title: 'A title',
      shows: 'something',
      minutes: 2,
      setup: [{ line: 8, command: { kind: 'network' } }],
      scenes: [
        {
          heading: 'First',
          before: ['One sentence that goes on.', 'Another.'],
          question: null,
          steps: [],
          figures: [],
        },
        {
          heading: 'Second',
          before: [],
          question: {
            text: 'Who?',
            choices: [
              { text: 'one', right: false },
              { text: 'two', right: true },
            ],
          },
          steps: [{ line: 22, text: '0 msg 1 hello' }],
          after: ['Because.'],
          figures: [
            { kind: 'time', text: 'hello' },
            { kind: 'hops', id: 3, text: 'hello' },
          ],
        },
      ],
    },
  })
})

describe('what is wrong, and where:', () => {
  const cases: [name: string, lines: readonly string[], problems: readonly RegExp[]][] = [
    ['no head', ['# One', 'text'], [/^1:1: a lesson begins with ---, then title, shows and minutes/]],
    [
      'something missing in the head',
      ['---', 'title: a', 'shows: b', '---', ...SETUP, ...ASKED],
      [/^4:1: minutes: is missing/],
    ],
    [
      'something strange in the head',
      [...HEAD.slice(0, 4), 'author: me', '---', ...SETUP, ...ASKED],
      [/^5:1: here stand/],
    ],
    [
      'minutes that are none',
      [...HEAD.map((line) => line.replace('2', 'two')), ...SETUP, ...ASKED],
      [/^4:10: minutes: is a number/],
    ],
    [
      'a letter of another encoding',
      [...HEAD.map((line) => line.replace('title: ', 'title: gr\ufffd')), ...SETUP, ...ASKED],
      [/^2:10: this is not UTF-8: save the file as UTF-8/],
    ],
    ['no network', [...HEAD, ...ASKED], [/^\d+:1: a lesson makes a network first/]],
    ['no scene', [...HEAD, ...SETUP], [/^8:1: a lesson has at least one scene/]],
    ['text before the first scene', [...HEAD, ...SETUP, 'hello', ...ASKED], [/^9:1: before the first # heading/]],
    ['a scene that says nothing', [...HEAD, ...SETUP, '# One', ...SETUP], [/^9:1: “One” says nothing/]],
    [
      'a line that is no command',
      [...HEAD, ...SETUP, ...ASKED, '# Two', 'text', '```', '0 sing', '```'],
      [/^21:3: Unknown command 'sing'/],
    ],
    [
      'lines that never end',
      [...HEAD, ...SETUP, ...ASKED, '# Two', 'text', '```', '0 crash'],
      [/^20:1: these lines never end/],
    ],
    ['a scene that runs twice', [...HEAD, ...SETUP, ...ASKED, ...SETUP], [/^18:1: a scene runs once/]],
    [
      'one choice',
      [...HEAD, ...SETUP, ...ASKED.filter((line) => !line.includes('[ ]'))],
      [/^11:1: a question has at least two choices/],
    ],
    [
      'nothing right',
      [...HEAD, ...SETUP, ...ASKED.map((line) => line.replace('[x]', '[ ]'))],
      [/^11:1: one choice is right, - \[x\]; here 0 are/],
    ],
    [
      'a choice without a question',
      [...HEAD, ...SETUP, '# One', 'text', '- [x] me'],
      [/^11:1: a choice belongs to a question/],
    ],
    [
      'a question after its answer',
      [...HEAD, ...SETUP, ...ASKED.slice(0, 1), ...ASKED.slice(6), ...ASKED.slice(2, 5)],
      [/^13:1: a question stands before/],
    ],
    ['a question that nothing answers', [...HEAD, ...SETUP, ...ASKED.slice(0, 5)], [/^11:1: no lines answer/]],
    ['a figure that there is not', [...HEAD, ...SETUP, ...ASKED, '= beauty'], [/^18:3: = what\? time, /]],
    [
      'a figure before the lines',
      [...HEAD, ...SETUP, '# One', 'text', '= datagrams', ...ASKED.slice(2)],
      [/^11:1: a figure stands after/],
    ],
    ['a figure of no message', [...HEAD, ...SETUP, ...ASKED, '= time'], [/^18:7: = time <text>: of which message/]],
  ]
  test.each(cases)('%s', (_name, lines, problems) => {
    expect(problemsOf(...lines).slice(0, problems.length)).toEqual(problems.map((one) => expect.stringMatching(one)))
  })
})

test('no file makes the parser throw, or tells of a place that is not there', () => {
  const parts = fc.constantFrom(
    '---',
    'title: a',
    '# One',
    '? Who?',
    '- [x] a',
    '- [ ] b',
    '```',
    '0 crash',
    '= time a',
    'text',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(parts).map((lines) => lines.join('\n')),
      ),
      (file) => {
        const parsed = parseLesson(file)
        if (parsed.ok) return
        for (const { line, column } of parsed.problems) expect([line >= 1, column >= 1]).toEqual([true, true])
      },
    ),
  )
})
