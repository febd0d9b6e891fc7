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

/** The command line names a program that cannot be a node. */
export class ProgramRefusal extends Refusal {}

// The programs of this software run as dist/server/<name>.js.
const BUNDLE = fileURLToPath(new URL('../node/process.cjs', import.meta.url))
const OURS = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')
const OWN_PROCESS = join(OURS, 'bin/process')
const GATE = join(OURS, 'server/hosts/program/gate.py')

/**
 * `commands` are those of --program, `runtime` is our folder.
 * @throws ProgramRefusal that says what is wrong with a command, or with the network for it.
 */
export function labHost(commands: readonly string[], settings: LabSettings, runtime: string): NodeHost {
  const own = processHost({ bundle: BUNDLE, runtime })
  try {
    const { env } = process
    // npm start changes into our folder, and says where it was called.
    const isByNpm = env.npm_lifecycle_event === 'start' && process.cwd() === OURS
    const folder = (isByNpm ? env.INIT_CWD : undefined) ?? process.cwd()
    const context = { folder, path: env.PATH ?? '', n: settings.n, ownProcess: OWN_PROCESS }
    const programs = parsePrograms(commands, context)
    if (!programs) return own
    const whyNot = whyNoGate(GATE, env)
    const gate = whyNot === undefined ? { file: GATE } : { whyNot }
    const host = new ProgramHost({ programs, own, env, gate, complain })
    const why = host.whyNot(settings)
    if (why !== undefined) throw new Error(why)
    if (whyNot !== undefined) complain(...layerWords(whyNot))
    return host
  } catch (error) {
    throw new ProgramRefusal((error as Error).message)
  }
}
