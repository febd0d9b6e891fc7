/** Writes the page that leads to the reports of all submissions. */
import { htmlPage } from './html.ts'
import type { MarksTable } from './marks.ts'
import { element, type Markup } from './markup.ts'

const CLASSES = { passed: 'passed', failed: 'failed', flaky: 'flaky', incomplete: 'skipped', 'not checked': 'failed' }

const table = (heads: readonly string[], rows: readonly Markup[]): Markup =>
  element(
    'table',
    { class: 'tests list' },
    element('thead', {}, element('tr', {}, ...heads.map((words) => element('th', { scope: 'col' }, words)))),
    element('tbody', {}, ...rows),
  )

const cell = (content: Markup | string): Markup => element('td', {}, content)
const own = (text: string): Markup => element('bdi', {}, text)

/** `fileOf` returns the file of the report of the submission at a place, beside this page. */
export function htmlIndex({ rows, tests, sum }: MarksTable, fileOf: (place: number) => string): string {
  const submissions = rows.map(([outcome, name, words], place) =>
    element(
      'tr',
      {},
      cell(element('span', { class: `verdict ${CLASSES[outcome]}` }, outcome)),
      cell(element('a', { href: encodeURI(fileOf(place)) }, own(name))),
      cell(own(words)),
    ),
  )
  const shares = tests.map(([name, words]) => element('tr', {}, cell(own(name)), cell(words)))
  return htmlPage(
    sum,
    element('p', { class: 'quiet' }, 'rumorscope check'),
    element('h1', {}, sum),
    table(['Result', 'Submission', 'First failure'], submissions),
    element('h2', {}, 'Tests'),
    element('p', {}, 'A test that nobody passes may be wrong itself.'),
    table(['Test', 'Submissions'], shares),
  )
}
