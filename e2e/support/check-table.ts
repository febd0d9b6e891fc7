/** Reads and writes the table of the built-in suite in docs/check.md. */
import { SUITE } from '../../server/check/suite/suite.ts'
import { BROKEN_PROGRAMS } from './broken-programs.ts'

const HEAD = '| test | rule | needs a gate | catches a program that … | and says |\n|---|---|---|---|---|\n'
const TABLE = /\| test \| rule \|[^\n]*\n\|---[^\n]*\n(?:\|[^\n]*\n)*/

export interface Row {
  readonly test: string
  readonly rule: string
  readonly needs: string
  readonly does: string
  readonly sentence: string
}

/** The part of a sentence before what became of a message: the rest has times that differ from run to run. */
export const clauseOf = (sentence: string): string => sentence.split('; ')[0] ?? ''

/** Returns a sentence without what differs from run to run: nodes, numbers, texts. */
export const shapeOf = (sentence: string): string =>
  sentence
    .replace(/“[^”]*”(?:(?:, | and )(?:“[^”]*”|\d+ others?))*/g, '“…”')
    .replace(/\bnodes? \d+(?:(?:, | and )\d+)*/g, 'node')
    .replace(/\bdo(es)? not\b/g, 'do not')
    .replace(/\d[\d,.]*/g, '#')

/** Returns the page with a new table. */
export function checkTable(page: string, sentences: ReadonlyMap<string, string>): string {
  const rows = SUITE.map(({ name, rule, needs }) => {
    const { does = '' } = BROKEN_PROGRAMS.find(({ test }) => test === name) ?? {}
    return `| ${name} | ${rule} | ${needs === 2 ? 'yes' : 'no'} | ${does} | ${sentences.get(name) ?? ''} |\n`
  })
  return page.replace(TABLE, () => HEAD + rows.join(''))
}

export function rowsOf(page: string): readonly Row[] {
  const [table = ''] = TABLE.exec(page) ?? []
  return table
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((line) => {
      const [, test = '', rule = '', needs = '', does = '', sentence = ''] = line.split('|').map((cell) => cell.trim())
      return { test, rule, needs, does, sentence }
    })
}
