/** Runs the process of a program in a group of its own. The processes that it starts end with it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { systemWords } from '../../platform/system-errors.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import { ProgramOutput } from './output.ts'
import type { Program } from './program.ts'
import { MARK, markedWith } from './system.ts'
import type { Trial } from './trial.ts'

/** Time that a program gets to end by itself after SIGTERM, in ms. */
const TERM_PATIENCE_MS = 300
/** Time that its output may stay open after its end, because a child that left its group has it, in ms. */
const CLOSE_PATIENCE_MS = 500

/** End of a process: with an exit code, by a signal, or before it began. */
export type Exit =
  | { readonly code: number }
  | { readonly signal: NodeJS.Signals }
  | { readonly failure: string; readonly isNoProgram: boolean }

export interface ProgramProcessOptions {
  readonly program: Program
  /** The three arguments. */
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly guard: OrphanGuard
  /** Returns the command line that runs another one in the network of the program; missing for that of the lab. */
  readonly inside?: (argv: readonly string[]) => readonly string[]
  readonly trial?: Trial
  readonly onOutput: (lines: readonly string[]) => void
}

/** Variables of this software: a program that is ours must not believe that it belongs to this lab. */
const NOT_FOR_PROGRAMS = /^(RUMORSCOPE_|NODE_CHANNEL_|NODE_UNIQUE_ID)/

export class ProgramProcess {
  readonly #mark = randomUUID()
  readonly #child: ChildProcess
  readonly #guard: OrphanGuard
  readonly output: ProgramOutput
  /** Resolves when the process and all its children have gone, and its output has been read. */
  readonly ended: Promise<Exit>
  #exit: Exit | undefined
  #isKilled = false
  /** Number of children that outlived the process, and that the lab ended. */
  survivors = 0

  constructor({ program, args, env, guard, inside = (argv) => argv, trial, onOutput }: ProgramProcessOptions) {
    const [file = '', ...words] = inside([...(trial?.limits ?? []), ...program.argv, ...args])
    const unwritable = trial?.unwritable
    const readOnly = unwritable === undefined ? undefined : openSync(devNull, 'r')
    const outputOf = (name: 'stdout' | 'stderr') =>
      unwritable?.has(name) && readOnly !== undefined ? readOnly : 'pipe'
    this.#guard = guard
    this.output = new ProgramOutput(onOutput)
    const own = Object.entries(env).filter(([name]) => !NOT_FOR_PROGRAMS.test(name))
    this.#child = spawn(file, words, {
      cwd: program.folder,
      env: { ...Object.fromEntries(own), [MARK]: this.#mark },
      stdio: ['ignore', outputOf('stdout'), outputOf('stderr')],
      detached: process.platform !== 'win32',
    })
    if (readOnly !== undefined) closeSync(readOnly)
    if (this.pid !== null) guard.add(this.pid)
    this.output.read(this.#child.stdout)
    this.output.read(this.#child.stderr)
    this.ended = this.#watch()
  }

  get pid(): number | null {
    return this.#child.pid ?? null
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined
  }

  /** Whether this lab has sent it a signal. */
  get isKilled(): boolean {
    return this.#isKilled
  }

  /** Its process, and on Linux also all that it started. */
  get pids(): readonly number[] {
    const marked = markedWith(this.#mark)
    return marked.length > 0 || this.pid === null ? marked : [this.pid]
  }

  /** Sends its group a signal from a person. */
  signal(name: NodeJS.Signals) {
    if (!this.hasEnded) this.#signalGroup(name)
  }

  /** Asks it to end, and ends it if it does not. */
  async stop(): Promise<Exit> {
    this.#isKilled = true
    this.#signalGroup('SIGTERM')
    await Promise.race([this.ended, wait(TERM_PATIENCE_MS)])
    return this.kill()
  }

  /** Ends it at once. */
  kill(): Promise<Exit> {
    this.#isKilled = true
    if (!this.hasEnded) this.#signalGroup('SIGKILL')
    return this.ended
  }

  async #watch(): Promise<Exit> {
    const closed = new Promise<void>((resolve) => {
      this.#child.once('close', () => resolve())
    })
    const exit = await new Promise<Exit>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? 0 } : { signal }))
      this.#child.once('error', (error) => {
        if (this.#child.pid !== undefined) return
        const { code } = error as NodeJS.ErrnoException
        resolve({ failure: systemWords(error), isNoProgram: code === 'ENOEXEC' })
      })
    })
    this.#exit = exit
    await this.#endSurvivors()
    await Promise.race([closed, wait(CLOSE_PATIENCE_MS)])
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy()
    this.output.end()
    if (this.pid !== null) this.#guard.remove(this.pid)
    return exit
  }

  /** Ends the processes that this one started and left behind: in its group, and on Linux elsewhere. */
  async #endSurvivors() {
    if (this.pid === null) return
    this.#signalGroup('SIGKILL')
    const left = markedWith(this.#mark).filter((pid) => pid !== this.pid)
    this.survivors = left.length
    for (const pid of left) signal(pid, 'SIGKILL')
  }

  #signalGroup(name: NodeJS.Signals) {
    if (this.pid === null) return
    if (process.platform === 'win32') this.#child.kill(name)
    else signal(-this.pid, name)
  }
}

/** Sends a signal. A process that has just ended needs none. */
function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch {}
}
