/** `rumorscope check PROGRAM`: runs tests of a program of others, many times, and says what is wrong with it. */
import { Check, ProgramDoesNotStart } from '../check/check.ts'
import type { CheckTest } from '../check/check-test.ts'
import { readTests } from '../check/course/pair.ts'
import { testOf } from '../check/folder-tests.ts'
import { progressWords, summaryLines, testLines } from '../check/report/terminal.ts'
import { EXIT, exitCodeOf, type RunResult } from '../check/result.ts'
import { SUITE } from '../check/suite/suite.ts'
import { processHost } from '../hosts/process-host.ts'
import { whyNoGate } from '../hosts/program/gate-process.ts'
import { layerWords } from '../hosts/program/program-words.ts'
import { runProgram } from '../platform/fault.ts'
import { complain, print, printStyled, showProgress } from '../platform/terminal.ts'
import { CHECK_USAGE, type CheckOptions, parseCheckOptions } from './check-options.ts'
import { BUNDLE, callersFolder, GATE } from './lab-host.ts'
import { parseProgram } from './program-option.ts'

await runProgram(async () => {
  const options = parseCheckOptions(process.argv.slice(2))
  if (options !== null && typeof options !== 'string') return checkProgram(options)
  if (options === null) print(...CHECK_USAGE.split('\n'))
  else complain(...options.split('\n'))
  return options === null ? EXIT.passed : EXIT.unusableTests
})

async function checkProgram(options: CheckOptions): Promise<number> {
  const tests = testsOf(options)
  if ('problems' in tests) {
    complain(...tests.problems)
    return EXIT.unusableTests
  }
  const { env } = process
  let program: ReturnType<typeof parseProgram>
  try {
    program = parseProgram(options.program, { folder: callersFolder(), path: env.PATH ?? '' })
  } catch (error) {
    complain((error as Error).message.replace(/^--program:? ?/, ''))
    return EXIT.programDoesNotStart
  }
  const whyNot = whyNoGate(GATE, env)
  if (whyNot !== undefined) complain(...layerWords(whyNot), '  So one run goes on at a time.')
  const check = new Check()
  closeOnSignal(check)
  try {
    const result = await check.run({
      ...options,
      command: options.program,
      program,
      tests: tests.tests,
      gate: whyNot === undefined ? { file: GATE } : { whyNot },
      own: processHost({ bundle: BUNDLE, runtime: '' }),
      env,
      onRun: progressOf(tests.tests.length * options.runs),
      onTest: (test) => printStyled(...testLines(test)),
    })
    printStyled(...summaryLines(result))
    return exitCodeOf(result)
  } catch (error) {
    if (!(error instanceof ProgramDoesNotStart)) throw error
    complain(`the program does not start: ${error.message}`, ...error.lines.map((line) => `  ${line}`))
    return EXIT.programDoesNotStart
  }
}

/** Shows how many runs are done, below the tests that are. */
function progressOf(total: number): (test: CheckTest, run: RunResult) => void {
  const began = Date.now()
  let [done, failed] = [0, 0]
  return ({ name }, { ok }) => {
    done += 1
    if (!ok) failed += 1
    showProgress(progressWords({ done, total, failed, elapsedMs: Date.now() - began, now: name }))
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
      void check.close().finally(() => process.exit(EXIT.machineCannot))
    })
}
