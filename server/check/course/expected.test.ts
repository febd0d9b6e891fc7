import { expect, test } from 'vitest'
import { type Answer, answersIn, brief, judge, parseOutput } from './expected.ts'

const expected = (file: string) => {
  const parsed = parseOutput(file)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.expected
}
const answers = (...logs: string[]): Answer[] =>
  logs.map((log, node) => ({ line: node + 1, node, log, atMs: 100 * node }))
const words = (file: string, logs: string[], exact = false) =>
  judge(answers(...logs), expected(file), exact).map((one) => one.words)

test('a line of texts is compared as a set, and with --exact in its order', () => {
  expect(words('a,b\n<empty>\n', ['b,a', '<empty>'])).toEqual([])
  expect(words('a,b\n', ['b,a'], true)).toEqual([
    'the chat log of node 0 has another order: “b” and “a” instead of “a” and “b”',
  ])
  expect(words('a,b\n', ['a,c'])).toEqual([
    'the chat log of node 0 lacks “b” and shows “c”, which the test does not expect',
  ])
  expect(words('a\n', ['a,a'])).toEqual(['the chat log of node 0 shows “a” twice'])
})

test('a chat log of 100,000 texts is compared at once, and texts that occur more often are named once for each time', () => {
  const many = Array.from({ length: 100_000 }, (_, place) => `e${place}`)
  expect(words(many.join(), [many.join()])).toEqual([])
  expect(words('a\n', ['a,a,a'])).toEqual(['the chat log of node 0 shows “a” and “a” twice'])
})

test('a counted line wants so many answers, the same to the letter, with all of mandatory and nothing beyond optional', () => {
  const file = `{'count': 2, 'mandatory': 'a,b', 'optional': 'c'}\nd\n`
  expect(answersIn(expected(file))).toBe(3)
  expect(words(file, ['a,b,c', 'a,b,c', 'd'])).toEqual([])
  expect(words(file, ['a,b', 'b,a', 'd'])).toEqual([
    'node 1 answers “b” and “a” and node 0 “a” and “b”: the grader compares them to the letter',
  ])
  expect(words(file, ['a', 'a,b,x', 'd'])).toEqual([
    'the chat log of node 0 lacks “b”',
    'the chat log of node 1 shows “x”, which the test does not expect',
  ])
})

test('a line that cannot be read is named with its column, and so are all others', () => {
  expect(
    parseOutput(`a\n{'count': 2, 'mandatry': 'a'}\n{'mandatory': 'a'}\n{'count': 2\n{'count': 1, 'count': 2}\n`),
  ).toEqual({
    ok: false,
    problems: [
      { line: 2, column: 14, error: expect.stringContaining('this is no entry: write {') },
      { line: 3, column: 1, error: expect.stringContaining(`'count' must be a whole number from 1 to 1000`) },
      { line: 4, column: 12, error: expect.stringContaining('the } is missing') },
      { line: 5, column: 14, error: `'count' is given twice: leave one out` },
    ],
  })
})

test('a long list of texts is cut short in a sentence', () => {
  expect(brief([])).toBe('nothing')
  expect(brief(['a or b'])).toBe('“a or b”')
  expect(brief(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('“a”, “b”, “c”, “d” and 2 others')
})
