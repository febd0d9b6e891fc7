/** Limits of each program: a fork bomb or a leak must end the program, not the machine. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Memory that a program may write to, in bytes. Reserved addresses, of which a Java or Go program has many, are free. */
const DATA_BYTES = 2 * 1_024 ** 3
/** Largest file that it may write, in bytes. */
const FILE_BYTES = 64 * 1_024 ** 2
/** Processor time that it gets, in s. */
const CPU_SECONDS = 240
const OPEN_FILES = 1_024
/** Processes and threads of all programs of one run, where they are in a namespace of their own. */
const PROCESSES = 1_024

/**
 * Returns the beginning of a command line that runs the rest within limits; empty where there is no prlimit. The system
 * counts the processes of a namespace apart; elsewhere it would count all that the user runs. It exempts root.
 */
export function limitsOf({ PATH = '' }: NodeJS.ProcessEnv, hasNamespace: boolean): readonly string[] {
  const file = [...PATH.split(delimiter), '/usr/bin'].map((folder) => join(folder, 'prlimit')).find(existsSync)
  if (process.platform !== 'linux' || file === undefined) return []
  return [
    file,
    '--core=0',
    `--data=${DATA_BYTES}`,
    `--fsize=${FILE_BYTES}`,
    `--cpu=${CPU_SECONDS}`,
    `--nofile=${OPEN_FILES}`,
    ...(hasNamespace ? [`--nproc=${PROCESSES}`] : []),
    '--',
  ]
}
