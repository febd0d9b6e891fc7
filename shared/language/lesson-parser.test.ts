import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLesson } from './lesson-parser.ts'

const HEAD = ['---', 'title: A title', 'shows: something', 'minutes: 2', 'takeaway: a sentence', '---']
const SETUP = ['```', 'network 4 line', '```']
const ASKED = ['# One', '', '? Who?', '- [ ] me', '- [x] you {holders hello = 4}', '', '```', '0 msg 1 hello', '```']

const problemsOf = (...lines: readonly string[]) => {
  const parsed = parseLesson(lines.join('\n'))
  return parsed.ok ? [] : parsed.problems.map(({ line, column, error }) => `${line}:${column}: ${error}`)
}

test('a lesson equals its file, in order, and its lines keep their numbers', () => {
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
      takeaway: 'a sentence',
      setup: [{ line: 9, command: { kind: 'network' } }],
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
              { text: 'me', right: false, claims: [], why: null },
              { text: 'you', right: true, why: null, claims: [{ is: '=', value: 4, written: 'holders hello = 4' }] },
            ],
          },
          steps: [{ line: 23, text: '0 msg 1 hello' }],
          after: [{ text: ['Because.'], claims: [], otherwise: null }],
          figures: [
            { kind: 'time', text: 'hello' },
            { kind: 'hops', id: 3, text: 'hello' },
          ],
        },
      ],
    },
  })
})

test('a scene may create its network before its question, claim its texts, and have notes for the presenter', () => {
  const file = [
    ...HEAD,
    ...SETUP,
    ...['# One', '> Count aloud.', '```', 'network 8 ring', 'sleep 2s', '```', 'A ring.', ...ASKED.slice(2)],
    'It took {time hello}. {hops 3 hello = 3} {holders hello = 0,1}',
    '~ It took {time hello} this time.',
  ]
  const time = { kind: 'time', text: 'hello' }
  expect(parseLesson(file.join('\n'))).toMatchObject({
    ok: true,
    lesson: {
      scenes: [
        {
          notes: ['Count aloud.'],
          before: ['A ring.'],
          prepare: [{ text: 'network 8 ring' }, { text: 'sleep 2s' }],
          steps: [{ text: '0 msg 1 hello' }],
          after: [
            {
              text: ['It took ', time, '.'],
              claims: [{ value: 3 }, { value: [0, 1] }],
              otherwise: ['It took ', time, ' this time.'],
            },
          ],
        },
      ],
    },
  })
})

test('a lesson may open with an everyday example, and say why a wrong choice is tempting and wrong', () => {
  const asked = ASKED.flatMap((line) => (line.includes('[ ]') ? [line, '  ! I do send it,', '  but to you.'] : [line]))
  const file = [...HEAD, ...SETUP, 'You tell a friend', 'the news.', '', '> Ask who heard it.', ...asked]
  expect(parseLesson(file.join('\n'))).toMatchObject({
    ok: true,
    lesson: {
      scenes: [
        {
          heading: 'A title',
          isOpening: true,
          before: ['You tell a friend the news.'],
          notes: ['Ask who heard it.'],
          question: null,
          steps: [],
        },
        {
          heading: 'One',
          isOpening: false,
          question: {
            choices: [{ text: 'me', why: { text: ['I do send it, but to you.'], claims: [] } }, { why: null }],
          },
        },
      ],
    },
  })
})

describe('an error, with its place:', () => {
  const cases: [name: string, lines: readonly string[], problems: readonly RegExp[]][] = [
    ['no head', ['# One', 'text'], [/^1:1: a lesson begins with ---, then title, shows, minutes and takeaway/]],
    [
      'something missing in the head',
      ['---', 'title: a', 'shows: b', 'takeaway: c', '---', ...SETUP, ...ASKED],
      [/^5:1: minutes: is missing/],
    ],
    [
      'something strange in the head',
      [...HEAD.slice(0, 4), 'author: me', '---', ...SETUP, ...ASKED],
      [/^5:1: unknown entry/],
    ],
    [
      'a key twice',
      [...HEAD.slice(0, 2), 'title: Another', ...HEAD.slice(2), ...SETUP, ...ASKED],
      [/^3:1: title: is given twice/],
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
    ['no network', [...HEAD, ...ASKED], [/^\d+:1: a lesson starts with its network/]],
    ['no scene', [...HEAD, ...SETUP], [/^9:1: a lesson has at least one scene/]],
    [
      'a question before the first scene',
      [...HEAD, ...SETUP, '? Who?', ...ASKED],
      [/^10:1: before the first # heading there are only the network’s lines and an everyday example/],
    ],
    [
      'a reason for the right choice',
      [...HEAD, ...SETUP, ...ASKED.slice(0, 5), '! Not me.', ...ASKED.slice(5)],
      [/^15:1: ! follows a wrong choice, once/],
    ],
    [
      'a reason with a count that nothing measures',
      [...HEAD, ...SETUP, ...ASKED.slice(0, 4), '! Two have it.', ...ASKED.slice(4)],
      [/^14:1: nothing measures “Two”/],
    ],
    ['a scene that says nothing', [...HEAD, ...SETUP, '# One', ...SETUP], [/^10:1: “One” has no text/]],
    [
      'a line that is no command',
      [...HEAD, ...SETUP, ...ASKED, '# Two', 'text', '```', '0 sing', '```'],
      [/^22:3: Unknown command 'sing'/],
    ],
    [
      'lines that never end',
      [...HEAD, ...SETUP, ...ASKED, '# Two', 'text', '```', '0 crash'],
      [/^21:1: this block does not end/],
    ],
    ['a scene that runs twice', [...HEAD, ...SETUP, ...ASKED, ...SETUP], [/^19:1: a scene has one block of lines/]],
    [
      'one choice',
      [...HEAD, ...SETUP, ...ASKED.filter((line) => !line.includes('[ ]'))],
      [/^12:1: a question has at least two choices/],
    ],
    [
      'nothing right',
      [...HEAD, ...SETUP, ...ASKED.map((line) => line.replace('[x]', '[ ]'))],
      [/^12:1: exactly one choice is right, - \[x\]; here 0 are/],
    ],
    [
      'a choice without a question',
      [...HEAD, ...SETUP, '# One', 'text', '- [x] me'],
      [/^12:1: a choice follows a question/],
    ],
    [
      'a question after its answer',
      [...HEAD, ...SETUP, ...ASKED.slice(0, 1), ...ASKED.slice(6), ...ASKED.slice(2, 5)],
      [/^11:1: a question stands before its lines/],
    ],
    [
      'a question that nothing answers',
      [...HEAD, ...SETUP, ...ASKED.slice(0, 5)],
      [/^12:1: this question has no lines to run/],
    ],
    ['a figure that there is not', [...HEAD, ...SETUP, ...ASKED, '= beauty'], [/^19:3: = what\? time, /]],
    [
      'a figure before the lines',
      [...HEAD, ...SETUP, '# One', 'text', '= datagrams', ...ASKED.slice(2)],
      [/^12:1: a figure follows/],
    ],
    ['a count that nothing measures', [...HEAD, ...SETUP, ...ASKED, 'Four links.'], [/^19:1: nothing measures “Four”/]],
    [
      'a choice with a count that nothing measures',
      [...HEAD, ...SETUP, ...ASKED.map((line) => line.replace(' me', ' 8'))],
      [/^13:1: nothing measures “8”/],
    ],
    [
      'a right choice that nothing checks',
      [...HEAD, ...SETUP, ...ASKED.map((line) => line.replace(' {holders hello = 4}', ''))],
      [/^12:1: nothing checks the right choice/],
    ],
    [
      'a claim without a value',
      [...HEAD, ...SETUP, ...ASKED, 'Four. {cost hello = many}'],
      [/^19:1: \{cost hello = many\}: write a number after =/],
    ],
    [
      'other words for no claim',
      [...HEAD, ...SETUP, ...ASKED, 'Because.', '~ Or not.'],
      [/^20:1: ~ follows a paragraph with a claim/],
    ],
    [
      'a figure in a choice',
      [...HEAD, ...SETUP, ...ASKED.map((line) => line.replace(' me', ' {cost hello}'))],
      [/^13:1: a choice is shown before the run/],
    ],
    [
      'a figure of no message',
      [...HEAD, ...SETUP, ...ASKED, '= time'],
      [/^19:7: = time <text>: name the message by its text/],
    ],
  ]
  test.each(cases)('%s', (_name, lines, problems) => {
    expect(problemsOf(...lines).slice(0, problems.length)).toEqual(problems.map((one) => expect.stringMatching(one)))
  })
})

test('no file makes the parser throw, or report a place outside it', () => {
  const parts = fc.constantFrom(
    '---',
    'title: a',
    '# One',
    '? Who?',
    '- [x] a',
    '- [ ] b',
    '! why',
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
