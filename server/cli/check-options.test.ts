import { expect, test } from 'vitest'
import { parseCheckOptions } from './check-options.ts'

test.each([
  [['./p', '--csv', 'a.csv'], '--csv is for --submissions'],
  [['./p', '--gradescope', 'a.json'], '--gradescope needs the points of each test: name their file with --points'],
  [['./p', '--points', 'a.json'], '--points is for --gradescope or --csv'],
  [
    ['--submissions', 'a/p', 'b/p'],
    "--submissions names the programs, so leave out 'b/p'; put a path with * in quotes",
  ],
])('options that do not go together are refused: %j', (argv, why) => {
  expect(parseCheckOptions(argv)).toBe(why)
})

test('submissions take the place of the program', () => {
  expect(parseCheckOptions(['--submissions', '*/p', '--csv', 'a.csv'])).toMatchObject({
    program: '',
    submissions: '*/p',
    csv: 'a.csv',
  })
  expect(parseCheckOptions([])).toContain('name the program to check')
})
