/** Checks many submissions, one after the other, and puts their results into one table. */
import { join, resolve } from 'node:path'
import { plural } from '../../shared/text/format.ts'
import { ProgramDoesNotStart } from '../check/check.ts'
import { htmlIndex } from '../check/report/html-index.ts'
import { marksCsv, marksTable, type Submission } from '../check/report/marks.ts'
import { marksLines, progressWords, submissionLine, widthOf } from '../check/report/terminal.ts'
import { inShell } from '../check/report/words.ts'
import { type CheckResult, EXIT, exitCodeOf } from '../check/result.ts'
import { complain, print, printStyled, showProgress } from '../platform/terminal.ts'
import { checkOne, mostRuns, type Prepared, unstarted } from './check-one.ts'
import { reportFiles, withoutRecordings, writeFile, writeReports } from './check-reports.ts'
import { callersFolder } from './lab-host.ts'
import type { FoundSubmission } from './submissions.ts'

/** The table is written after each submission: a check of hundreds takes hours, and may be interrupted. */
export async function checkSubmissions(found: readonly FoundSubmission[], prepared: Prepared): Promise<number> {
  const { options, points } = prepared
  const csv = options.csv === undefined ? undefined : resolve(callersFolder(), options.csv)
  const width = widthOf(found.map(({ name }) => name))
  const submissions: Submission[] = []
  const problems: string[] = []
  const began = performance.now()
  print(
    `${plural(found.length, 'submission')}, ${plural(mostRuns(prepared), 'run')} each. They run with your rights: see "Limits of a program" in docs/check.md`,
    '',
  )
  for (const [place, one] of found.entries()) {
    const turn = { title: `${place + 1} of ${found.length}: ${one.name}`, place, count: found.length, began }
    const submission = await checkSubmission(one, turn, prepared, problems)
    submissions.push(submission)
    const [row] = marksTable([submission], points).rows
    if (row) printStyled(submissionLine(row, width))
    if (csv !== undefined) problems.push(...writeFile(csv, marksCsv(submissions, points)))
  }
  const table = marksTable(submissions, points)
  printStyled(...marksLines(table))
  if (options.html !== undefined) {
    const index = resolve(callersFolder(), options.html, 'index.html')
    problems.push(
      ...writeFile(
        index,
        htmlIndex(table, (place) => `${found[place]?.fileName}.html`),
      ),
    )
    print(`Look at the reports: ${index}`)
  }
  complain(...new Set(problems))
  return problems.length > 0 ? EXIT.machineCannot : exitCodeOfAll(submissions)
}

async function checkSubmission(
  { name, path, fileName }: FoundSubmission,
  turn: Turn,
  prepared: Prepared,
  problems: string[],
): Promise<Submission> {
  const { options, points, recordings } = prepared
  const record = recordings.path === undefined ? undefined : join(recordings.path, fileName)
  const command = inShell(path)
  const report = (result: CheckResult) =>
    problems.push(...writeReports(reportFiles(options, callersFolder(), fileName), result, points, recordings))
  try {
    const onRun = progressOf(mostRuns(prepared), turn)
    const outcome = await checkOne(prepared, { command, record, onRun, onTest: () => {} })
    report(outcome)
    return { name, outcome: recordings.isKept ? outcome : withoutRecordings(outcome) }
  } catch (error) {
    if (!(error instanceof ProgramDoesNotStart)) throw error
    report(unstarted(prepared, command, error))
    return { name, outcome: { whyNot: [`it does not start: ${error.message}`, ...error.lines].join(' · ') } }
  }
}

function exitCodeOfAll(submissions: readonly Submission[]): number {
  const codes = submissions.map(({ outcome }) => ('tests' in outcome ? exitCodeOf(outcome) : EXIT.failed))
  return [EXIT.failed, EXIT.machineCannot].find((code) => codes.includes(code)) ?? EXIT.passed
}

/** One of several programs: its place, their number, and when the first one began. */
interface Turn {
  readonly title: string
  readonly place: number
  readonly count: number
  readonly began: number
}

/** Shows how many runs of a program are done, below all lines. */
export function progressOf(total: number, turn?: Turn): Parameters<typeof checkOne>[1]['onRun'] {
  const { title, place, count, began } = turn ?? { title: '', place: 0, count: 1, began: performance.now() }
  let [done, failed] = [0, 0]
  return ({ name }, { ok }) => {
    done += 1
    if (!ok) failed += 1
    const now = title === '' ? name : `${title} · ${name}`
    const share = (place + done / total) / count
    showProgress(progressWords({ done, total, failed, elapsedMs: performance.now() - began, share, now }))
  }
}
