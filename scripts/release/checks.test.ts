import { describe, expect, test } from 'vitest'
import { withLicenceTexts } from '../licence-texts.ts'
import { licenceProblems, MAX_TARBALL_BYTES, tarballProblems, versionProblems } from './checks.ts'

describe('a version', () => {
  const changelog = '# Changes\n\n## 1.2.0\n\n- something new\n\n## 1.1.0\n'

  test('needs a form, a section of the changelog with a list, and a tag of its own', () => {
    expect(versionProblems({ version: '1.2.0' }, changelog, ['v1.1.0'])).toEqual([])
    expect(versionProblems({ version: '1.2.0' }, changelog, ['v1.2.0'])).toEqual([
      'version 1.2.0 has been released: choose another',
    ])
    expect(versionProblems({ version: '1.1.0' }, changelog, [])).toEqual([
      'CHANGELOG.md says nothing about 1.1.0: add a list',
    ])
    expect(versionProblems({ version: '1.3.0' }, changelog, [])).toEqual(['CHANGELOG.md has no section "## 1.3.0"'])
    expect(versionProblems({ version: '1.3' }, changelog, [])).toHaveLength(1)
  })
})

test('a tarball with sources, without programs, too large, or that installs more is refused', () => {
  const problems = tarballProblems([{ path: 'server/cli/lab.ts' }, { path: 'bin/process.log' }], MAX_TARBALL_BYTES, {
    version: '1.0.0',
    scripts: { postinstall: 'sh evil.sh', start: 'node x' },
    dependencies: { fastify: '5' },
  })
  for (const words of [
    'no dist/web/index.html',
    'lab.ts: leave',
    'process.log: leave',
    'limit',
    'postinstall',
    'bundle them',
  ])
    expect(problems.join('\n')).toContain(words)
  expect(problems.join('\n')).not.toContain('start')
})

test('a bundled package needs a licence that allows it, and its text', () => {
  const file = 'dist/web/third-party.md'
  expect(licenceProblems(file, '# Licenses\n\n## a - 1.0.0 (MIT)\n\nMIT License\n')).toEqual([])
  expect(licenceProblems(file, '## a - 1.0.0 (GPL-3.0)\n\ntext\n')).toEqual([`${file}: a is under GPL-3.0`])
  expect(licenceProblems(file, '## @b/c - 1.0.0\n\ntext\n')).toEqual([`${file}: @b/c is under no licence`])
  expect(licenceProblems(file, '## a - 1.0.0 (MIT)\n\n## b - 1.0.0 (ISC)\n\ntext\n')).toEqual([
    `${file}: a comes without the text of its licence`,
  ])
  expect(licenceProblems(file, '')).toEqual([`${file} names no package`])
})

test('a package that comes without the text of its licence gets it, with its author', () => {
  const list = '# Licenses\n\n## abstract-logging - 2.0.1 (MIT)\n\n## b - 1.0.0 (ISC)\n\ntext\n'
  expect(licenceProblems('list', list)).toEqual(['list: abstract-logging comes without the text of its licence'])
  expect(licenceProblems('list', withLicenceTexts(list))).toEqual([])
  expect(withLicenceTexts(list)).toContain('Copyright (c) James Sumners')
  expect(withLicenceTexts(list)).toContain('\n## b - 1.0.0 (ISC)\n\ntext\n')
})
