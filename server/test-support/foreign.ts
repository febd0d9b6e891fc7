/** Provides programs of others for tests. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Lab } from '../../shared/lab/lab.ts'
import { processHost } from '../hosts/process-host.ts'
import type { Program, Programs } from '../hosts/program/program.ts'
import { ProgramHost, type ProgramHostOptions } from '../hosts/program/program-host.ts'
import { treeOf } from '../hosts/program/system.ts'
import { labMachine } from '../platform/lab-machine.ts'
import { networkOf } from './lab.ts'
import { BUNDLE } from './processes.ts'

const FOREIGN = join(import.meta.dirname, 'foreign')

/** The gate through which their datagrams pass. */
export const GATE = { file: join(import.meta.dirname, '../hosts/program/gate.py') }

/** Returns the processes of all gates that this process has started. */
export const gatePids = (): number[] => treeOf(process.pid).filter((pid) => argumentsOf(pid).includes('gate.py'))

/** The command line of a process; empty when it has gone. */
function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** A program in Python, with a bug of its own if it has one of that name, and further variables of its environment. */
export const inPython = (name: 'text' | 'sound' | 'over_tcp', bug = '', ...variables: readonly string[]): Program => ({
  argv: ['env', `BUG=${bug}`, ...variables, 'python3', join(FOREIGN, `${name}.py`)],
  folder: FOREIGN,
})

/** The same as the command line of `--program`. */
export const commandOf = ({ argv }: Program): string => argv.map((word) => `'${word}'`).join(' ')

let compiled: string | undefined

/** The same in C, compiled once. */
export function inC(bug = '', ...variables: readonly string[]): Program {
  const folder = mkdtempSync(join(tmpdir(), 'rs-c-'))
  if (compiled === undefined || !existsSync(compiled)) {
    compiled = join(folder, 'packed')
    execFileSync(process.env.CC ?? 'cc', ['-O1', '-o', compiled, join(FOREIGN, 'packed.c')])
  }
  return { argv: ['env', `BUG=${bug}`, ...variables, compiled], folder }
}

export const all = (program: Program): Programs => ({ byId: new Map(), all: program })

/** A lab whose nodes run programs. None runs yet. `told` is what its terminal shows. */
export async function labOfPrograms(
  n: number,
  programs: Programs,
  gate?: ProgramHostOptions['gate'],
  wire?: ProgramHostOptions['wire'],
) {
  const { settings, runtime } = await networkOf(n)
  const told: string[] = []
  const host = new ProgramHost({
    programs,
    own: processHost({ bundle: BUNDLE, runtime }),
    ...(gate ? { gate } : {}),
    ...(wire ? { wire } : {}),
    env: { ...process.env, FOREIGN_ROOT: `${settings.rootId}` },
    complain: (...lines) => told.push(...lines),
  })
  const lab = new Lab({ settings, host, platform: labMachine })
  onTestFinished(() => lab.close())
  return { lab, settings, told }
}
