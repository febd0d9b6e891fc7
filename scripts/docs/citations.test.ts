/** Tests that docs/protocol.md contains every rule that code and tests cite. */
import { describe, expect, test } from 'vitest'
import { filesEnding, headingsOf, readOurs } from './markdown.ts'

const PROTOCOL = readOurs('docs/protocol.md')
const HEADINGS = headingsOf(PROTOCOL)

/** Removes the marks of comments, so that a citation may be broken over lines. */
const proseOf = (source: string): string => source.replace(/\n\s*(?:\*|\/\/|#)? ?/g, ' ')

const all = (source: string, pattern: RegExp): string[] =>
  Array.from(proseOf(source).matchAll(pattern), ([, found = '']) => found)

/** `Rule 3a`, `Rules 1 and 2`. */
const rulesIn = (source: string): string[] =>
  all(source, /\b[Rr]ules? (\d[a-c]?(?: and \d[a-c]?)*)\b/g).flatMap((numbers) => numbers.split(' and '))

/** `(report, ProxyThread)`, `(handout; report, Logic for handleStatusMessage, 3)`. */
const partsIn = (source: string): string[] =>
  all(source, /(?<=\s)\((?:[\w./]+; )*report, ([A-Za-z][\w ,]*)/g)
    .flatMap((parts) => parts.split(' and '))
    .map((part) => part.replace(/,? \d+$/, '').trim())

const rfcsIn = (source: string): string[] => all(source, /\b(RFC \d+(?:bis)?)/g)

const SOURCES = filesEnding(['.ts', '.tsx', '.mjs', '.txt']).filter((path) => !path.startsWith('scripts/docs/'))

const cited = (find: (source: string) => string[]): Map<string, string> =>
  new Map(SOURCES.flatMap((path) => find(readOurs(path)).map((name) => [name, path] as const)))

test.each([...cited(rulesIn)])('rule %s, cited in %s, is a heading of docs/protocol.md', (rule) => {
  expect(HEADINGS.some((heading) => heading.startsWith(`Rule ${rule}:`))).toBe(true)
})

test.each([...cited(partsIn)])('the report’s “%s”, cited in %s, is restated in docs/protocol.md', (part) => {
  expect(HEADINGS).toContain(`Report: ${part}`)
})

test.each([...cited(rfcsIn)])('%s, cited in %s, is listed with a link in docs/protocol.md', (rfc) => {
  expect(PROTOCOL).toMatch(new RegExp(`^\\| ${rfc} \\| \\[.*\\]`, 'm'))
})

describe('citations are found', () => {
  test('of rules, also several', () => {
    expect(rulesIn('/** Rules 1 and 2. */ // Rule 3a.\ndescribe("rule 7")')).toEqual(['1', '2', '3a', '7'])
    expect(cited(rulesIn).size).toBeGreaterThanOrEqual(10)
  })

  test('of parts of the report, also over the end of a line', () => {
    expect(
      partsIn('see (handout; report, Logic for a and Logic\n * for b) (report, Message Structure: x) (report, c, 3)'),
    ).toEqual(['Logic for a', 'Logic for b', 'Message Structure', 'c'])
    expect(cited(partsIn).size).toBeGreaterThanOrEqual(6)
  })

  test('of RFCs', () => {
    expect(rfcsIn('as in QUIC (RFC 9000, 8.1)')).toEqual(['RFC 9000'])
  })
})
