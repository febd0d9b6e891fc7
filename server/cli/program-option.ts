/** Parses `--program`, and checks what it names before anything starts. */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { nodeName } from '../../shared/model/names.ts'
import type { Program, Programs } from '../hosts/program/program.ts'
import { statOfFile } from '../platform/stat-of-file.ts'
import { fileWords } from '../platform/system-errors.ts'

export const PROGRAM_USAGE = `  --program <command>   your own program as every node, started as proxy.py does it, with <id> <n> <port>; as nodes 0
                        and 2 only with 0,2=<command>; repeatable. See docs/programs.md`

export interface ProgramContext {
  /** Folder that paths begin in. */
  readonly folder: string
  /** Folders in which commands without a path are looked for. */
  readonly path: string
  readonly n: number
  /** The file of our own node, which is no program of others. */
  readonly ownProcess: string
  /** That of this machine unless given. */
  readonly platform?: NodeJS.Platform
}

/**
 * Returns the programs that options name; undefined when there are none.
 * @throws Error that says what is wrong with one.
 */
export function parsePrograms(options: readonly string[], context: ProgramContext): Programs | undefined {
  if (options.length === 0) return undefined
  const byId = new Map<number, Program>()
  let all: Program | undefined
  for (const option of options) {
    const [, ids, command = ''] = /^(?:([\d,]+)=)?(.*)$/s.exec(option) ?? []
    const program = parseProgram(command, context)
    if (ids === undefined) {
      if (all) throw new Error('--program names two programs for all nodes: write 0,2=<command> for some of them')
      all = program
    } else for (const id of parseIds(ids, context.n)) giveTo(byId, id, program)
  }
  return { byId, ...(all ? { all } : {}) }
}

function giveTo(byId: Map<number, Program>, id: number, program: Program) {
  if (byId.has(id)) throw new Error(`--program names two programs for ${nodeName(id)}`)
  byId.set(id, program)
}

function parseIds(text: string, n: number): number[] {
  return text.split(',').map((id) => {
    if (id === '') throw new Error(`--program ${text}=…: ids are numbers between commas, as in 0,2=./process`)
    if (Number(id) >= n) throw new Error(`--program names ${nodeName(Number(id))}, and ids are 0 to ${n - 1}`)
    return Number(id)
  })
}

const NOT_ON_WINDOWS =
  'Windows cannot run your own program as a node: use Rumorscope and the program in WSL, see docs/install.md'

type Place = Pick<ProgramContext, 'folder' | 'path'> & Partial<Pick<ProgramContext, 'ownProcess' | 'platform'>>

/** @throws Error that says what is wrong with a command. */
export function parseProgram(command: string, context: Place): Program {
  // A program is crashed, paused and ended by signals to its group, which Windows does not have.
  if ((context.platform ?? process.platform) === 'win32') throw new Error(NOT_ON_WINDOWS)
  const [name = '', ...words] = splitCommand(command)
  if (name === '') throw new Error('--program needs a command, such as ./process or "java -jar gossip.jar"')
  const isPath = name.includes('/')
  const file = isPath ? resolve(context.folder, name) : onPath(name, context.path)
  if (file === undefined)
    throw new Error(`--program: there is no command ${name} on the PATH; a program in this folder is ./${name}`)
  requireProgram(file, name, context)
  // A script that reads files beside it expects to be started where it lies; other words are names seen from here.
  return { argv: [file, ...words], folder: isPath && words.length === 0 ? dirname(file) : context.folder }
}

/**
 * Splits a command line into words, as a shell does with quotes and backslashes; nothing else is special.
 * @throws Error if a quote is not closed.
 */
export function splitCommand(command: string): string[] {
  const words: string[] = []
  let word: string | undefined
  const parts = command.matchAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\s+)|(["'\\])|([^\s"'\\]+)/gs)
  for (const [, single, double, escaped, space, stray, plain] of parts) {
    if (stray === '\\') throw new Error('--program ends with a backslash: leave it out')
    if (stray !== undefined) throw new Error(`--program has a ${stray} that is not closed`)
    if (space === undefined)
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '')
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}

function onPath(name: string, path: string): string | undefined {
  const files = path.split(delimiter).map((folder) => join(folder, name))
  return files.find((file) => isAbsolute(file) && statOfFile(file)?.isFile() && mayRun(file))
}

/** Commands for files that the system does not run by themselves, by the ending of their names. */
const RUNNERS: Readonly<Record<string, string>> = {
  py: 'python3',
  jar: 'java -jar',
  js: 'node',
  rb: 'ruby',
  sh: 'sh',
}

/** @throws Error if the system would not run a file. */
function requireProgram(file: string, name: string, { ownProcess, path, folder }: Place) {
  const told = `--program ${name}`
  const stat = readable(told, () => statSync(file))
  if (stat.isDirectory()) throw new Error(`${told} is a folder: name the program in it`)
  if (!stat.isFile()) throw new Error(`${told} is no file: name a program`)
  if (ownProcess !== undefined && realpathSync(file) === realpathSync(ownProcess))
    throw new Error(`${told} is Rumorscope’s own node: rename your program, and name that file`)
  if (!mayRun(file)) throw new Error(`${told} may not be run${runHint(name)}`)
  requireRunnable(
    told,
    name,
    readable(told, () => beginningOf(file)),
    { path, folder },
  )
}

function readable<T>(told: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${told}: ${fileWords(error as Error)}`)
  }
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Beginnings of files that systems run: ELF, and Mach-O for one kind of processor or several. */
const MACHINE_CODE = ['7f454c46', 'cffaedfe', 'cefaedfe', 'feedface', 'feedfacf', 'cafebabe']

function requireRunnable(
  told: string,
  name: string,
  beginning: Buffer,
  { path, folder }: Pick<ProgramContext, 'path' | 'folder'>,
) {
  if (MACHINE_CODE.includes(beginning.subarray(0, 4).toString('hex')) && !name.endsWith('.class')) return
  const [first = ''] = beginning.toString('latin1').split('\n')
  if (!first.startsWith('#!')) throw new Error(`${told} is no program: ${noInterpreter(name)}`)
  if (first.endsWith('\r'))
    throw new Error(`${told}: its first line ends in \\r, which the system takes for a part of the interpreter’s name`)
  const [interpreter = '', ...words] = first.slice(2).trim().split(/\s+/)
  if (!mayRun(resolve(folder, interpreter)))
    throw new Error(`${told} needs ${interpreter}, which is not on this machine`)
  const command = interpreter.endsWith('/env') ? words.find((word) => !word.startsWith('-')) : undefined
  if (command !== undefined && !command.includes('=') && onPath(command, path) === undefined)
    throw new Error(`${told} needs ${command}, which is not on the PATH`)
}

function runHint(name: string): string {
  const runner = runnerOf(name)
  return runner === undefined ? `: chmod +x ${name} allows it` : `: write "${runner} ${name}", or chmod +x ${name}`
}

function noInterpreter(name: string): string {
  const runner = runnerOf(name)
  if (runner !== undefined) return `write "${runner} ${name}"`
  return 'it has no #! line that names its interpreter, and is not built for a machine'
}

const runnerOf = (name: string): string | undefined => RUNNERS[name.split('.').at(-1) ?? '']

function beginningOf(file: string): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(256)
    return buffer.subarray(0, readSync(descriptor, buffer))
  } finally {
    closeSync(descriptor)
  }
}
