/** `rumorscope check PROGRAM`: runs tests of a program of others, many times, and says what is wrong with it. */
import { constants } from 'node:os'
import { Refusal } from '../../shared/text/refusal.ts'
import { Check, ProgramDoesNotStart } from '../check/check.ts'
import type { CheckTest } from '../check/check-test.ts'
import { readTests } from '../check/course/pair.ts'
import { testOf } from '../check/folder-tests.ts'
import { summaryLines, testLines } from '../check/report/terminal.ts'
import { EXIT, exitCodeOf } from '../check/result.ts'
import { SUITE } from '../check/suite/suite.ts'
import { whyNoGate } from '../hosts/program/gate-process.ts'
import { layerWords } from '../hosts/program/program-words.ts'
import type { WireDecoder } from '../hosts/program/wire-format.ts'
import { runProgram } from '../platform/fault.ts'
import { complain, print, printStyled } from '../platform/terminal.ts'
import { checkOne, mostRuns, type Prepared, unstarted } from './check-one.ts'
import { CHECK_USAGE, type CheckOptions, parseCheckOptions } from './check-options.ts'
import {
  pointsOf,
  recordFolder,
  reportFiles,
  requireReports,
  withoutRecordings,
  writeReports,
} from './check-reports.ts'
import { checkSubmissions, progressOf } from './check-submissions.ts'
import { callersFolder, GATE } from './lab-host.ts'
import { type FoundSubmission, findSubmissions } from './submissions.ts'
import { loadDecoder } from './wire-option.ts'

await runProgram(async () => {
  const options = parseCheckOptions(process.argv.slice(2))
  if (options !== null && typeof options !== 'string') return check(options)
  if (options === null) print(...CHECK_USAGE.split('\n'))
  else complain(...options.split('\n'))
  return options === null ? EXIT.passed : EXIT.unusableTests
})

async function check(options: CheckOptions): Promise<number> {
  const tests = testsOf(options)
  if ('problems' in tests) {
    complain(...tests.problems)
    return EXIT.unusableTests
  }
  let submissions: readonly FoundSubmission[] | undefined
  let prepared: Prepared
  try {
    submissions = options.submissions === undefined ? undefined : findSubmissions(options.submissions, callersFolder())
    prepared = await prepare(options, tests.tests)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    complain(error.message)
    return EXIT.unusableTests
  }
  if (prepared.whyNot !== undefined) complain(...layerWords(prepared.whyNot), '  So one run goes on at a time.')
  closeOnSignal(prepared.check)
  return submissions ? checkSubmissions(submissions, prepared) : checkProgram(prepared)
}

/** @throws (rejects) Refusal that names the option that cannot be followed. */
async function prepare(options: CheckOptions, tests: readonly CheckTest[]): Promise<Prepared> {
  const folder = callersFolder()
  const names = tests.map(({ name }) => name)
  const points = pointsOf(options.points, folder, names)
  const wire = options.wire === undefined ? undefined : await decoderOf(options.wire, folder)
  requireReports(options, folder)
  const whyNot = whyNoGate(GATE, process.env)
  return { options, tests, points, wire, whyNot, check: new Check(), recordings: recordFolder(options, folder) }
}

async function decoderOf(path: string, folder: string): Promise<WireDecoder> {
  try {
    return await loadDecoder(path, folder)
  } catch (error) {
    throw new Refusal((error as Error).message)
  }
}

async function checkProgram(prepared: Prepared): Promise<number> {
  const { options, points, recordings } = prepared
  const files = reportFiles(options, callersFolder())
  try {
    const result = await checkOne(prepared, {
      command: options.program,
      record: recordings.path,
      onRun: progressOf(mostRuns(prepared)),
      onTest: (test) => printStyled(...testLines(test)),
    })
    printStyled(...summaryLines(recordings.isKept ? result : withoutRecordings(result)))
    const problems = writeReports(files, result, points, recordings)
    complain(...problems)
    if (problems.length === 0 && files.html !== undefined) print(`Look at the report: ${files.html}`)
    return problems.length > 0 ? EXIT.machineCannot : exitCodeOf(result)
  } catch (error) {
    if (!(error instanceof ProgramDoesNotStart)) throw error
    complain(`the program does not start: ${error.message}`, ...error.lines.map((line) => `  ${line}`))
    complain(...writeReports(files, unstarted(prepared, options.program, error), points, recordings))
    return EXIT.programDoesNotStart
  }
}

type Tests = { readonly tests: readonly CheckTest[] } | { readonly problems: readonly string[] }

function testsOf({ tests: folder, exact, only }: CheckOptions): Tests {
  const read = folder === undefined ? undefined : readTests(folder)
  if (read && !read.ok) return { problems: read.problems }
  const all = read ? read.tests.map((test) => testOf(test, exact)) : SUITE
  const tests = all.filter(({ name }) => only.length === 0 || only.some((words) => name.startsWith(words)))
  if (tests.length > 0) return { tests }
  return {
    problems: [`no test begins with ${only.join(' or ')}. There are: ${all.map(({ name }) => name).join('; ')}`],
  }
}

/** A second signal ends the check at once: the programs end with it in any case. */
function closeOnSignal(check: Check) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      complain(`ended by ${signal}`)
      void check.close().finally(() => process.exit(128 + constants.signals[signal]))
    })
}
