/** Tests that each line of the threat model names its test, and that each of those tests exists. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const LINES = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| can or cannot'))

test.each(LINES)('%s', (line) => {
  const [, file = '', sentence = ''] = /\| `([^`]+\.test\.ts)`: (.+) \|$/.exec(line) ?? []
  expect(existsSync(join(ROOT, file)), `a test file in ${line}`).toBe(true)
  const sentences = sentencesOf(readFileSync(join(ROOT, file), 'utf8'))
  expect(sentences).toContain(sentence)
})

test('it has lines about each of the four', () => {
  expect(LINES.length).toBeGreaterThan(30)
})

/** Finds the names of tests: the first string after `test(`, `test.each(…)(` and `test.runIf(…)(`. */
function sentencesOf(source: string): string[] {
  const names = /\btest(?:\.\w+(?:<[^>]*>)?\([\s\S]*?\))?\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g
  return Array.from(source.matchAll(names), ([, single, double]) => single ?? double ?? '')
}
