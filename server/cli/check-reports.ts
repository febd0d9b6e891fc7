/** Writes the reports of `rumorscope check` that its options name. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Refusal } from '../../shared/text/refusal.ts'
import { gradescopeJson } from '../check/report/gradescope.ts'
import { htmlReport } from '../check/report/html.ts'
import { jsonReport } from '../check/report/json.ts'
import { junitXml } from '../check/report/junit.ts'
import { type Points, readPoints } from '../check/report/points.ts'
import type { CheckResult } from '../check/result.ts'
import { fileWords } from '../platform/system-errors.ts'
import type { CheckOptions } from './check-options.ts'

const FORMATS = { report: '.json', junit: '.xml', html: '.html', gradescope: '.json' } as const
type Format = keyof typeof FORMATS

/** Files of the reports of one check. */
export type ReportFiles = Partial<Readonly<Record<Format, string>>>

type Named = Pick<CheckOptions, Format | 'csv' | 'record' | 'submissions'>
/** Files that a check reads. */
type Read = Pick<CheckOptions, 'program' | 'tests' | 'points' | 'wire'>

const namesOf = (options: Named): (readonly [Format, string])[] =>
  (Object.keys(FORMATS) as Format[]).flatMap((format) => {
    const name = options[format]
    return name === undefined ? [] : [[format, name] as const]
  })

/**
 * Checks what the options name, before anything runs. With many submissions each option names a folder, which is made.
 * @throws Refusal that names the option.
 */
export function requireReports(options: Named & Read, folder: string) {
  const isMany = options.submissions !== undefined
  const named: (readonly [string, string])[] = [...namesOf(options)]
  if (options.csv !== undefined) named.push(['csv', options.csv])
  const paths = named.map(([option, name]) => ({ option, path: resolve(folder, name) }))
  for (const [i, { option, path }] of paths.entries()) {
    const other = paths.slice(0, i).find((one) => one.path === path)
    if (other) throw new Refusal(`--${other.option} and --${option} name the same file`)
    const read = readAt(path, options, folder)
    if (read !== undefined) throw new Refusal(`--${option} ${path}: this is ${read}, so name another file`)
    try {
      if (isMany && option !== 'csv') mkdirSync(path, { recursive: true })
      else requireFile(path)
    } catch (error) {
      throw new Refusal(`--${option} ${path}: ${fileWords(error as Error)}`)
    }
  }
  if (options.record !== undefined) requireRecordFolder(resolve(folder, options.record))
}

/** Says what the check reads at a path; undefined if nothing. */
function readAt(path: string, { program, tests, points, wire }: Read, folder: string): string | undefined {
  const isAt = (name: string | undefined) => name !== undefined && name !== '' && resolve(folder, name) === path
  if (isAt(program)) return 'the program to check'
  if (isAt(points)) return 'the file of --points'
  if (isAt(wire)) return 'the file of --wire'
  const isOfTest = tests !== undefined && dirname(path) === resolve(folder, tests)
  return isOfTest && /\.(?:input|output|scenario)$/.test(path) ? 'a file of a test' : undefined
}

/** @throws Refusal if the folder for recordings cannot be made, or written to. It is made for the first recording. */
function requireRecordFolder(path: string) {
  try {
    let there = path
    while (!existsSync(there)) there = dirname(there)
    if (!statSync(there).isDirectory())
      throw new Error(`${there === path ? 'it' : there} is a file, and should be a folder`)
    accessSync(there, constants.W_OK)
  } catch (error) {
    throw new Refusal(`--record ${path}: ${fileWords(error as Error)}`)
  }
}

/** @throws Error if no file can be written there. */
function requireFile(path: string) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory()) throw new Error('it is a folder, and should be a file')
  if (stat && !stat.isFile()) throw new Error('it is no regular file')
  accessSync(stat ? path : dirname(path), constants.W_OK)
}

/** Returns the files of one submission, or of the only check if it has no name. */
export const reportFiles = (options: Named, folder: string, fileName?: string): ReportFiles =>
  Object.fromEntries(
    namesOf(options).map(([format, name]) => [
      format,
      fileName === undefined ? resolve(folder, name) : resolve(folder, name, `${fileName}${FORMATS[format]}`),
    ]),
  )

/** @throws Refusal that names the file of `--points`. */
export function pointsOf(path: string | undefined, folder: string, tests: readonly string[]): Points | undefined {
  if (path === undefined) return undefined
  const file = resolve(folder, path)
  try {
    return readPoints(readFileSync(file, 'utf8'), tests)
  } catch (error) {
    throw new Refusal(`--points ${path}: ${error instanceof Refusal ? error.message : fileWords(error as Error)}`)
  }
}

/** Returns the reports that could not be written, with the reason. */
export function writeReports(
  files: ReportFiles,
  result: CheckResult,
  points: Points | undefined,
  { isKept }: Pick<RecordFolder, 'isKept'>,
): string[] {
  const recording = (path: string) => (statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'utf8') : null)
  const lasting = isKept ? result : withoutRecordings(result)
  const contents: Readonly<Record<Format, () => string>> = {
    report: () => jsonReport(lasting),
    junit: () => junitXml(lasting),
    html: () => htmlReport(result, recording),
    gradescope: () => (points ? gradescopeJson(lasting, points) : ''),
  }
  return (Object.entries(files) as [Format, string][]).flatMap(([format, path]) => writeFile(path, contents[format]()))
}

/** Returns why the file could not be written, if so. */
export function writeFile(path: string, text: string): string[] {
  try {
    writeFileSync(path, text)
    return []
  } catch (error) {
    return [`${path} could not be written: ${fileWords(error as Error)}`]
  }
}

/** The folder for recordings: an HTML report needs them even if nobody keeps them. */
export interface RecordFolder {
  readonly path: string | undefined
  readonly isKept: boolean
}

export function recordFolder({ record, html }: Pick<CheckOptions, 'record' | 'html'>, folder: string): RecordFolder {
  if (record !== undefined) return { path: resolve(folder, record), isKept: true }
  if (html === undefined) return { path: undefined, isKept: false }
  const path = mkdtempSync(join(tmpdir(), 'rumorscope-check-'))
  process.once('exit', () => rmSync(path, { recursive: true, force: true }))
  return { path, isKept: false }
}

/** Returns the result as it is true when the recordings are gone. */
export const withoutRecordings = (result: CheckResult): CheckResult => ({
  ...result,
  tests: result.tests.map((test) => ({
    ...test,
    runs: test.runs.map(({ recording: _, ...run }) => run),
  })),
})
