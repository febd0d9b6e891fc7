/** Parses the command line of `rumorscope check`. */
import { randomInt } from 'node:crypto'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { readArguments } from './arguments.ts'
import { MAX_PORT, whole } from './options.ts'
import { WIRE_USAGE } from './wire-option.ts'

/** Runs of each test unless --runs says otherwise. */
const DEFAULT_RUNS = 5
/** Runs of each test with --until-fail alone. */
const UNTIL_FAIL_RUNS = 100
const MAX_RUNS = 1_000

export interface CheckOptions {
  /** The command of the program, unread; empty when there are submissions. */
  readonly program: string
  /** Folder with tests; undefined for the built-in suite. */
  readonly tests: string | undefined
  readonly runs: number
  readonly untilFail: boolean
  readonly seed: number
  readonly exact: boolean
  /** Whether tests that go beyond the course count. */
  readonly strict: boolean
  /** Tests whose names begin with one of these; all when there are none. */
  readonly only: readonly string[]
  /** UDP port of node 0. */
  readonly rootId: number
  /** The file of --wire, unread. */
  readonly wire: string | undefined
  readonly record: string | undefined
  /** Files of the reports; with submissions, folders. */
  readonly report: string | undefined
  readonly junit: string | undefined
  readonly html: string | undefined
  readonly gradescope: string | undefined
  readonly points: string | undefined
  /** A path with `*`: all programs that it names are checked. */
  readonly submissions: string | undefined
  readonly csv: string | undefined
}

export const CHECK_USAGE = `rumorscope check PROGRAM [options]   is this program right? Runs tests of it, many times

Your own program
  PROGRAM               ./process, or a command line such as "java -jar gossip.jar"
  --root-id <port>      UDP port of node 0: 20000 in the handout (40000)
${WIRE_USAGE}

Tests
  --tests <folder>      the tests: pairs of the course, NAME.input with NAME.output, and scenarios with expect
                        (the built-in suite)
  --only <name>         only tests whose names begin with this; repeatable
  --exact               compare the order of the texts in a .output file too
  --strict              count the built-in tests that go beyond the course, too

Runs
  --runs <n>            runs of each test (${DEFAULT_RUNS})
  --until-fail          end a test with its first failure (--runs: ${UNTIL_FAIL_RUNS})
  --seed <number>       repeat the dice of an earlier check

Reports
  --record <folder>     keep a recording of each failed run; rumorscope --recording FILE opens it
  --html <file>         write a report to look at, with pictures and recordings of the failures in it
  --report <file>       write the result as JSON
  --junit <file>        write it as JUnit XML
  --gradescope <file>   write it as results.json of Gradescope; needs --points
  --points <file>       points of each test, as JSON

Many submissions
  --submissions <path>  check many programs instead of one: 'handed-in/*/process'. The files of --html, --report, --junit,
                        --gradescope and --record are folders then, with a file or folder for each
  --csv <file>          write a row for each of them

Other
  --help                show this help

Exit codes: 0 all tests passed; 1 one failed or is flaky; 2 the tests or the options have errors; 3 the program does not
start; 4 this machine cannot run the tests. See docs/check.md`

/** Parses the options. Returns null when they ask for help, or an error that names the faulty option. */
export const parseCheckOptions = (argv: readonly string[]): CheckOptions | string | null =>
  readArguments(argv, {
    usage: CHECK_USAGE,
    parse,
    severalTimes: ['only'],
    missing: ({ values, positionals: [program = ''] }) =>
      program === '' && values.submissions === undefined ? 'name the program to check' : undefined,
    interpret,
  })

/** @throws Error that names the invalid argument. */
function interpret({ values, positionals }: ReturnType<typeof parse>): CheckOptions {
  requireTogether(values, positionals)
  const [program = '', extra] = positionals
  if (extra !== undefined)
    throw new Error(`check takes one program, so leave out '${extra}', or quote the command: "${program} ${extra}"`)
  const untilFail = values['until-fail']
  const runs = values.runs ?? `${untilFail ? UNTIL_FAIL_RUNS : DEFAULT_RUNS}`
  return {
    program,
    tests: values.tests,
    runs: whole('--runs', runs, 1, MAX_RUNS),
    untilFail,
    seed: values.seed === undefined ? randomInt(1_000_000) : whole('--seed', values.seed, 0, 999_999_999),
    exact: values.exact,
    strict: values.strict,
    only: values.only,
    rootId: whole('--root-id', values['root-id'], 1_200, MAX_PORT - 64),
    wire: values.wire,
    record: values.record,
    report: values.report,
    junit: values.junit,
    html: values.html,
    gradescope: values.gradescope,
    points: values.points,
    submissions: values.submissions,
    csv: values.csv,
  }
}

/** @throws Error if an option needs another one, or excludes it. */
function requireTogether({ submissions, csv, gradescope, points }: Values, positionals: readonly string[]) {
  const [program] = positionals
  if (submissions !== undefined && program !== undefined)
    throw new Error(`--submissions names the programs, so leave out '${program}'; put a path with * in quotes`)
  if (csv !== undefined && submissions === undefined) throw new Error('--csv is for --submissions')
  if (gradescope !== undefined && points === undefined)
    throw new Error('--gradescope needs the points of each test: name their file with --points')
  if (points !== undefined && gradescope === undefined && csv === undefined)
    throw new Error('--points is for --gradescope or --csv')
}

type Values = ReturnType<typeof parse>['values']

/** Options of `rumorscope check`, for parseArgs. */
export const CHECK_OPTIONS = {
  tests: { type: 'string' },
  exact: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] },
  runs: { type: 'string' },
  'until-fail': { type: 'boolean', default: false },
  seed: { type: 'string' },
  'root-id': { type: 'string', default: '40000' },
  wire: { type: 'string' },
  record: { type: 'string' },
  report: { type: 'string' },
  junit: { type: 'string' },
  html: { type: 'string' },
  gradescope: { type: 'string' },
  points: { type: 'string' },
  submissions: { type: 'string' },
  csv: { type: 'string' },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsConfig['options']

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], allowPositionals: true, options: CHECK_OPTIONS, tokens: true })
