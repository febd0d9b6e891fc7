/** Finds the tests of a folder, and reads each whole before anything runs. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseScenario, type ScenarioLine } from '../../../shared/language/scenario.ts'
import { plural } from '../../../shared/text/format.ts'
import { readText } from '../../../shared/text/text-file.ts'
import { fileWords } from '../../platform/system-errors.ts'
import { answersIn, type Expected, type FileProblem, parseOutput } from './expected.ts'
import type { CourseLine } from './habits.ts'

/** Most tests of one folder. */
const MAX_TESTS = 1_000
/** Largest file of a test, in bytes. */
const MAX_FILE_BYTES = 1_048_576

/** A test of a folder. `path` is that of its `.input` or `.scenario` file. */
export type FolderTest = { readonly name: string; readonly path: string } & (
  | { readonly kind: 'pair'; readonly lines: readonly CourseLine[]; readonly expected: readonly Expected[] }
  | { readonly kind: 'scenario'; readonly steps: readonly ScenarioLine[] }
)

export type FolderTests =
  | { readonly ok: true; readonly tests: readonly FolderTest[] }
  /** Each names a file, and mostly a line and a column. */
  | { readonly ok: false; readonly problems: readonly string[] }

export function readTests(folder: string): FolderTests {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    return { ok: false, problems: [`${folder} cannot be read: ${fileWords(error as Error)}`] }
  }
  const files = names.filter((name) => /\.(input|scenario)$/.test(name)).sort(byNumber)
  if (files.length === 0)
    return { ok: false, problems: [`${folder} has no tests: put NAME.input with NAME.output there, or NAME.scenario`] }
  if (files.length > MAX_TESTS)
    return { ok: false, problems: [`${folder} has more than ${MAX_TESTS} tests: split it into several folders`] }
  const problems: string[] = []
  const tests = files.flatMap((name) => readTest(folder, name, problems) ?? [])
  const outputs = names.filter((name) => name.endsWith('.output') && !names.includes(name.replace(/output$/, 'input')))
  for (const name of outputs) problems.push(`${join(folder, name)} belongs to no .input file of that name`)
  return problems.length === 0 ? { ok: true, tests } : { ok: false, problems }
}

/** `test2` comes before `test10`. */
const byNumber = new Intl.Collator('en', { numeric: true }).compare

function readTest(folder: string, file: string, problems: string[]): FolderTest | undefined {
  const path = join(folder, file)
  const name = file.replace(/\.\w+$/, '')
  const steps = readWith(path, problems, (text) => {
    const parsed = parseScenario(text)
    return parsed.ok ? parsed.steps : parsed.problems
  })
  if (!steps) return undefined
  if (file.endsWith('.scenario')) return { name, path, kind: 'scenario', steps }
  const lines = courseLines(steps)
  if (!lines.ok) {
    report(path, lines.problems, problems)
    return undefined
  }
  const outputPath = join(folder, `${name}.output`)
  const expected = readWith(outputPath, problems, (text) => {
    const parsed = parseOutput(text)
    return parsed.ok ? parsed.expected : parsed.problems
  })
  if (!expected) return undefined
  const mismatch = countMismatch(lines.lines, expected, path)
  if (mismatch) report(outputPath, [mismatch], problems)
  return mismatch ? undefined : { name, path, kind: 'pair', lines: lines.lines, expected }
}

const isProblem = (one: object): one is FileProblem => 'error' in one

function readWith<T extends object>(
  path: string,
  problems: string[],
  parse: (text: string) => readonly (T | FileProblem)[],
): readonly T[] | undefined {
  let bytes: Uint8Array
  try {
    bytes = readRegular(path)
  } catch (error) {
    problems.push(`${path} cannot be read: ${fileWords(error as Error)}`)
    return undefined
  }
  const read = readText(bytes)
  const parsed: readonly (T | FileProblem)[] = read.ok ? parse(read.text) : [read]
  const wrong = parsed.filter(isProblem)
  report(path, wrong, problems)
  return wrong.length > 0 ? undefined : parsed.filter((one): one is T => !isProblem(one))
}

/** @throws Error with words, or of the system: a pipe or a device would be read for ever. */
function readRegular(path: string): Uint8Array {
  const stat = statSync(path)
  if (!stat.isFile()) throw new Error('it is no regular file')
  if (stat.size > MAX_FILE_BYTES) throw new Error('it has more than 1 MiB')
  return readFileSync(path)
}

function report(path: string, wrong: readonly FileProblem[], problems: string[]) {
  for (const { line, column, error } of wrong) problems.push(`${path}:${line}:${column}: ${error}`)
}

type CourseLines =
  | { readonly ok: true; readonly lines: readonly CourseLine[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** Returns the lines of an `.input` file, if they are commands that proxy.py knows. */
export function courseLines(steps: readonly ScenarioLine[]): CourseLines {
  const lines: CourseLine[] = []
  const problems: FileProblem[] = []
  const started = new Set<number>()
  for (const step of steps) {
    const { line, text } = step
    const refuse = (error: string) =>
      void problems.push({ line, column: text.length - text.trimStart().length + 1, error })
    const command = step.kind === 'command' ? step.command : undefined
    switch (command?.kind) {
      case 'start':
      case 'msg':
      case 'chatLog':
      case 'crash':
        if (command.kind === 'start') started.add(command.id)
        else if (!started.has(command.id)) refuse(`node ${command.id} has not been started before this line`)
        lines.push({ line, words: text.replace(/^\s*\d+ ?/, ''), command })
        break
      case 'exit':
        lines.push({ line, words: 'exit', command })
        break
      default:
        refuse('proxy.py knows start, msg, get chatLog, crash and exit; name the file .scenario for other lines')
    }
  }
  return problems.length === 0 ? { ok: true, lines } : { ok: false, problems }
}

function countMismatch(
  lines: readonly CourseLine[],
  expected: readonly Expected[],
  path: string,
): FileProblem | undefined {
  const end = lines.findIndex(({ command }) => command.kind === 'exit')
  const played = end < 0 ? lines : lines.slice(0, end)
  const asked = played.filter(({ command }) => command.kind === 'chatLog').length
  const described = answersIn(expected)
  if (asked === described) return undefined
  const { line } = expected.at(-1) ?? { line: 1 }
  const error = `the file describes ${plural(described, 'answer')}, and ${path} asks for ${plural(asked, 'chat log')}`
  return { line, column: 1, error }
}
