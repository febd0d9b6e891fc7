/** Tests that each link, file and anchor that a document names exists. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenReferences, filesEnding, ROOT, readOurs } from './markdown.ts'

const ours = (path: string): string | undefined => {
  if (!existsSync(join(ROOT, path))) return undefined
  return statSync(join(ROOT, path)).isFile() ? readOurs(path) : ''
}

test.each(filesEnding(['.md']))('%s has no broken reference', (page) => {
  expect(brokenReferences(page, ours)).toEqual([])
})

test('the README is for the first ten minutes: 130 lines at most', () => {
  expect(readOurs('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(130)
})

describe('a broken reference is found', () => {
  const files = new Map([
    ['docs/there.md', '# One heading\n\n## It’s `code`, twice\n\n```\n# no heading\n```\n'],
    ['a.ts', ''],
  ])
  const broken = (text: string) =>
    brokenReferences('docs/page.md', (path) => (path === 'docs/page.md' ? text : files.get(path)))

  test.each([
    ['a file', '[x](gone.md)', ['gone.md']],
    ['a file in the wrong folder', '[x](a.ts)', ['a.ts']],
    ['an anchor', '[x](there.md#no-heading)', ['there.md#no-heading']],
    ['an anchor of the page itself', '# Here\n\n[x](#there)', ['#there']],
    ['a picture', '<img src="gone.svg">', ['gone.svg']],
    ['a definition', '[x][gone]', ['[gone]']],
    ['a file between backquotes', 'see `shared/gone.ts`', ['shared/gone.ts']],
  ])('%s', (_, text, expected) => {
    expect(broken(text)).toEqual(expected)
  })

  test('and a valid one is accepted', () => {
    const text =
      '# Here\n\n[x](#here) [x](there.md#its-code-twice) [x](../a.ts) [x][y] `docs/there.md` `[x](in-code)`\n\n[y]: https://example.org\n'
    expect(broken(text)).toEqual([])
  })
})
