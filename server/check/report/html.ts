/**
 * Writes the HTML report: one file without scripts, which loads nothing. It works from a disk, on a phone and in print.
 * A recording is embedded as a link that saves it.
 */
import { createHash } from 'node:crypto'
import { formatBytes, formatCount, formatElapsed, plural } from '../../../shared/text/format.ts'
import { capital } from '../../../shared/text/words.ts'
import { type CheckResult, passedOf, type RunResult, type TestResult } from '../result.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { STYLE } from './html-style.ts'
import { type Content, element, Markup } from './markup.ts'
import { spaceTimePicture } from './space-time-picture.ts'
import { spreadPicture } from './spread-picture.ts'
import { failuresOf, firstReason, machineWords, measureWords, reasonLines, skipWords, summaryWords } from './words.ts'

/** Maximum number of failed runs that a test lists, and of reasons of each. */
const MOST_RUNS = 20
const MOST_REASONS = 20
/** Maximum number of runs with pictures, in the file. */
const MOST_PICTURES = 60
/** Maximum size of an embedded recording, and of all of them, in bytes. */
const MOST_EMBEDDED = 4_000_000
const MOST_EMBEDDED_IN_ALL = 24_000_000

/** Returns the text of a recording, or null if it cannot be read. */
export type ReadRecording = (path: string) => string | null

/** The room that is left in a file. */
interface Room {
  readonly read: ReadRecording
  pictures: number
  bytes: number
}

export function htmlReport(result: CheckResult, read: ReadRecording): string {
  const room: Room = { read, pictures: MOST_PICTURES, bytes: MOST_EMBEDDED_IN_ALL }
  const { program, tests } = result
  const title = `${program}: ${summaryWords(result)}`
  const sections = tests.map((test, place) => sectionOf(test, place, room))
  return htmlPage(title, overview(result), testTable(tests), ...sections, leftOut(room))
}

/** Returns a page of this title. */
export const htmlPage = (title: string, ...content: readonly Content[]): string =>
  `<!doctype html>\n${
    element(
      'html',
      { lang: 'en' },
      element('head', {}, ...headOf(title)),
      element('body', {}, element('main', {}, ...content)),
    ).text
  }\n`

/** The policy allows the style sheet and nothing else. */
function headOf(title: string): Markup[] {
  const hash = createHash('sha256').update(STYLE).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  return [
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'content-security-policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, title),
    element('style', {}, new Markup(STYLE)),
  ]
}

function overview(result: CheckResult): Markup {
  const { program, startedAt, durationMs, machine, seed } = result
  const when = `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${formatElapsed(durationMs)}, seed ${seed}`
  return element(
    'header',
    {},
    element('p', { class: 'quiet' }, 'rumorscope check'),
    element('h1', {}, element('bdi', {}, program)),
    element('p', { class: 'summary' }, summaryWords(result)),
    element('p', { class: 'quiet' }, `${when}. ${machineWords(machine).join(' ')}`),
  )
}

const RESULTS = { passed: 'passed', failed: 'FAILED', flaky: 'flaky', skipped: 'skipped' } as const

const idOf = (place: number): string => `test-${place + 1}`

const cell = (...content: readonly Content[]): Markup => element('td', {}, ...content)

function testTable(tests: readonly TestResult[]): Markup {
  const heads = ['Result', 'Test', 'Runs passed', 'Rule'].map((words) => element('th', { scope: 'col' }, words))
  const rows = tests.map((test, place) => {
    const { name, verdict, rule } = test
    const title = element('bdi', {}, name)
    const measured = measureWords(test)
    return element(
      'tr',
      {},
      cell(verdictMark(test)),
      cell(
        verdict === 'passed' ? title : element('a', { href: `#${idOf(place)}` }, title),
        measured === '' ? null : element('div', { class: 'quiet' }, measured),
      ),
      cell(verdict === 'skipped' ? '–' : passedOf(test).replace(/ runs?$/, '')),
      element('td', { class: 'quiet' }, element('bdi', {}, rule)),
    )
  })
  return element(
    'table',
    { class: 'tests runs' },
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  )
}

const verdictMark = ({ verdict }: TestResult): Markup =>
  element('span', { class: `verdict ${verdict}` }, RESULTS[verdict])

/** A test that passed is in the table only. */
function sectionOf(test: TestResult, place: number, room: Room): Markup | null {
  const { name, verdict, rule } = test
  if (verdict === 'passed') return null
  const words = verdict === 'skipped' ? capital(skipWords(test)) : `${passedOf(test)} passed`
  return element(
    'section',
    { id: idOf(place) },
    element('h2', {}, verdictMark(test), ' ', element('bdi', {}, name)),
    element('p', {}, `${words}. Rule: ${rule}.`),
    ...runsOf(test, room),
  )
}

/** The first run of each kind of failure is open; the others follow. */
function runsOf(test: TestResult, room: Room): Content[] {
  const failures = failuresOf(test)
  const first = failures.map(({ first }) => first)
  const others = test.runs.filter((run) => !run.ok && !first.includes(run))
  const listed = [...first, ...others].slice(0, MOST_RUNS)
  const more = first.length + others.length - listed.length
  return [
    ...listed.map((run, place) => (place < first.length ? openRun(run, test, room) : closedRun(run, test, room))),
    more > 0 ? element('p', { class: 'quiet' }, `${plural(more, 'further failed run')} left out here.`) : null,
  ]
}

const openRun = (run: RunResult, test: TestResult, room: Room): Markup =>
  element('div', {}, element('h3', {}, `Run ${run.run}`), ...detailsOf(run, test, room))

const closedRun = (run: RunResult, test: TestResult, room: Room): Markup =>
  element('details', {}, element('summary', {}, `Run ${run.run} ${firstReason(run)}`), ...detailsOf(run, test, room))

function detailsOf(run: RunResult, test: TestResult, room: Room): Content[] {
  const reasons = reasonLines(run, MOST_REASONS).map((words) => element('li', {}, element('bdi', {}, capital(words))))
  return [element('ul', { class: 'reasons' }, ...reasons), ...recordingOf(run, test, room)]
}

function recordingOf(run: RunResult, test: TestResult, room: Room): Content[] {
  const { recording } = run
  if (recording === undefined) return []
  const text = room.read(recording)
  if (text === null) return [note('The recording could not be read. It was in ', element('code', {}, recording), '.')]
  return [picturesOf(text, run, room), element('p', {}, ...downloadOf(text, run, test, room))]
}

const note = (...content: readonly Content[]): Markup => element('p', { class: 'quiet' }, ...content)

function picturesOf(text: string, run: RunResult, room: Room): Markup {
  if (room.pictures === 0) return note(`Only the first ${formatCount(MOST_PICTURES)} runs are drawn.`)
  const evidence = evidenceOf(text, run.reasons[0])
  if (typeof evidence === 'string') return note(`${capital(evidence)}.`)
  room.pictures -= 1
  return element(
    'div',
    { class: 'pictures' },
    figure('Spread at the failure: when each node got each message, or why not.', spreadPicture(evidence)),
    figure(captionOf(evidence), spaceTimePicture(evidence)),
  )
}

const figure = (caption: string, picture: Markup): Markup =>
  element('figure', {}, element('figcaption', {}, caption), picture)

function captionOf({ moments, lab, left }: Evidence): string {
  const isHidden = moments.every(({ datagram }) => datagram === undefined)
  const datagrams = isHidden
    ? lab.nodes.some(({ program }) => program)
      ? 'Datagrams were not watched.'
      : 'There were no datagrams.'
    : 'A line is a datagram (dashed: a status), a cross a loss or an end.'
  const earlier =
    left === 0 ? '' : ` ${plural(left, 'earlier datagram or event', 'earlier datagrams and events')} left out.`
  return `Around the failure, time down. ${datagrams} Quiet stretches are shortened.${earlier}`
}

/** The link saves the recording from this file, if it has room. */
function downloadOf(text: string, { run }: RunResult, { name }: TestResult, room: Room): Content[] {
  const bytes = Buffer.from(text)
  const size = formatBytes(bytes.length)
  const embedded = Math.ceil(bytes.length / 3) * 4
  if (bytes.length > MOST_EMBEDDED || embedded > room.bytes)
    return [`The recording (${size}) is too large for this file: keep it with --record.`]
  room.bytes -= embedded
  const download = `${fileName(name)}-run-${run}.jsonl`
  const href = `data:application/jsonl;base64,${bytes.toString('base64')}`
  return [
    element('a', { class: 'download', download, href }, `Save the recording (${size})`),
    ' and open it with ',
    element('code', {}, `rumorscope --recording ${download}`),
  ]
}

const fileName = (name: string): string => name.replace(/[^a-zA-Z0-9]+/g, '-').slice(0, 60) || 'test'

function leftOut({ pictures, bytes }: Room): Content {
  return pictures > 0 && bytes > 0 ? null : note('This file leaves out pictures of further runs to stay small.')
}
