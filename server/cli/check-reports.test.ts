import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { requireReports } from './check-reports.ts'

const NONE = {
  ...{ report: undefined, junit: undefined, html: undefined, gradescope: undefined, csv: undefined, record: undefined },
  ...{ submissions: undefined, tests: undefined, points: undefined, wire: undefined, program: './process' },
}

function refusalOf(options: Partial<Record<keyof typeof NONE, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rs-reports-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of ['process', 'wire.mjs', 'plain']) writeFileSync(join(folder, name), '')
  try {
    requireReports({ ...NONE, ...options }, folder)
    return ''
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '')
  }
}

test('a report that can be written is accepted', () => {
  expect(refusalOf({ html: 'report.html', junit: 'junit.xml', record: 'failed/runs' })).toBe('')
})

test('a report never takes the place of a file that the check reads', () => {
  expect(refusalOf({ html: 'process' })).toBe('--html process: this is the program to check, so name another file')
  expect(refusalOf({ wire: 'wire.mjs', junit: './wire.mjs' })).toBe(
    '--junit wire.mjs: this is the file of --wire, so name another file',
  )
  expect(refusalOf({ points: 'plain', report: 'plain' })).toBe(
    '--report plain: this is the file of --points, so name another file',
  )
  expect(refusalOf({ tests: '.', html: 'a.output' })).toBe(
    '--html a.output: this is a file of a test, so name another file',
  )
})

test('a folder in the place of a file is refused, and a file in that of a folder, before anything runs', () => {
  expect(refusalOf({ html: '.' })).toMatch(/^--html .*: it is a folder, and should be a file$/)
  expect(refusalOf({ record: 'plain' })).toBe('--record plain: it is a file, and should be a folder')
  expect(refusalOf({ record: 'plain/deeper' })).toMatch(/^--record plain\/deeper: /)
})
