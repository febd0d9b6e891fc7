/** The host of a lab: our own nodes, or programs of others where the command line names any. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NodeHost } from '../../shared/lab/node-host.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { Refusal } from '../../shared/text/refusal.ts'
import { processHost } from '../hosts/process-host.ts'
import { whyNoGate } from '../hosts/program/gate-process.ts'
import { ProgramHost } from '../hosts/program/program-host.ts'
import { layerWords } from '../hosts/program/program-words.ts'
import { complain } from '../platform/terminal.ts'
import { parsePrograms } from './program-option.ts'
import { loadDecoder } from './wire-option.ts'

/** The command line names a program that cannot be a node. */
export class ProgramRefusal extends Refusal {}

// The programs of this software run as dist/server/<name>.js.
export const BUNDLE = fileURLToPath(new URL('../node/process.cjs', import.meta.url))
const OURS = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
const OWN_PROCESS = join(OURS, 'bin/process')
export const GATE = join(OURS, 'server/hosts/program/gate.py')

/** Options of the command line, unread. */
export interface ProgramOptions {
  /** The commands of --program. */
  readonly programs: readonly string[]
  /** The file of --wire. */
  readonly wire: string | undefined
}

/**
 * `runtime` is our folder.
 * @throws (rejects) ProgramRefusal that says what is wrong with a command, with the network for it, or with a decoder.
 */
export async function labHost(options: ProgramOptions, settings: LabSettings, runtime: string): Promise<NodeHost> {
  const own = processHost({ bundle: BUNDLE, runtime })
  try {
    const { env } = process
    const folder = callersFolder()
    const context = { folder, path: env.PATH ?? '', n: settings.n, ownProcess: OWN_PROCESS }
    const programs = parsePrograms(options.programs, context)
    if (!programs && options.wire !== undefined)
      throw new Error('--wire decodes the datagrams of your program: name it with --program')
    if (!programs) return own
    const decoder = options.wire === undefined ? {} : { wire: await loadDecoder(options.wire, folder) }
    const whyNot = whyNoGate(GATE, env)
    const gate = whyNot === undefined ? { file: GATE } : { whyNot }
    const host = new ProgramHost({ programs, own, env, gate, complain, ...decoder })
    const why = host.whyNot(settings)
    if (why !== undefined) throw new Error(why)
    if (whyNot !== undefined) complain(...layerWords(whyNot))
    return host
  } catch (error) {
    throw new ProgramRefusal((error as Error).message)
  }
}

/** Returns the folder that the person is in: npm start changes into ours, and says where it was called. */
export function callersFolder(): string {
  const { env } = process
  const isByNpm = env.npm_lifecycle_event === 'start' && process.cwd() === OURS
  return (isByNpm ? env.INIT_CWD : undefined) ?? process.cwd()
}
