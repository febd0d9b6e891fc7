/** Reads and writes the tables of docs/check.md: a program with one fault a row, the test that fails it, its sentence. */

/** A table of docs/check.md. The first cell of its head tells it from others. */
export class CheckTable {
  readonly #head: readonly string[]
  readonly #rows: RegExp

  constructor(...head: readonly string[]) {
    this.#head = head
    this.#rows = new RegExp(`\\| ${head[0]} \\|[^\\n]*\\n\\|---[^\\n]*\\n((?:\\|[^\\n]*\\n)*)`)
  }

  /** Returns the page with these rows. */
  written(page: string, rows: readonly (readonly string[])[]): string {
    const lines = [this.#head, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`)
    const rule = `|${'---|'.repeat(this.#head.length)}\n`
    return page.replace(this.#rows, () => [lines[0], rule, ...lines.slice(1)].join(''))
  }

  /** Returns the cells of the rows. */
  read(page: string): string[][] {
    const [, rows = ''] = this.#rows.exec(page) ?? []
    const lines = rows.split('\n').filter((line) => line !== '')
    return lines.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  }
}

export const SUITE_TABLE = new CheckTable('test', 'rule', 'needs a gate', 'catches a program that …', 'and says')
export const MUTANT_TABLE = new CheckTable('our node, but it …', 'fails', 'and the check says')

/** The part of a sentence before what became of a message: the rest has times that differ from run to run. */
export const clauseOf = (sentence: string): string => sentence.split('; ')[0] ?? ''

/** Returns a sentence without what differs from run to run: nodes, numbers, texts. */
export const shapeOf = (sentence: string): string =>
  sentence
    .replace(/“[^”]*”(?:(?:, | and )(?:“[^”]*”|[\d,]+ others?))*/g, '“…”')
    .replace(/\bnodes? \d+(?:(?:, | and )\d+)*/g, 'node')
    .replace(/\bdo(es)? not\b/g, 'do not')
    .replace(/\d[\d,.]*/g, '#')
