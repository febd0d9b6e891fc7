/** Parses the command line of `rumorscope run`. */

import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { TOPOLOGIES } from '../../shared/model/topology.ts'
import { readArguments } from './arguments.ts'
import { labSettings, whole } from './options.ts'
import { PROGRAM_USAGE } from './program-option.ts'
import { WIRE_USAGE } from './wire-option.ts'

export interface RunOptions {
  readonly file: string
  readonly settings: LabSettings
  /** Whether the ports were given explicitly: those in the file count too. */
  readonly ownPorts: boolean
  /** Whether the UDP ports are fixed: a program of others chooses its own. */
  readonly ownRoot: boolean
  readonly repeatable: boolean
  readonly record: string | undefined
  /** The commands of --program, unread. */
  readonly programs: readonly string[]
  /** The file of --wire, unread. */
  readonly wire: string | undefined
}

export const RUN_USAGE = `rumorscope run FILE [options]   run a scenario, or an .input file of the course, without a page

Network
  --nodes <n>           number of nodes, if the file starts no network (4)
  --topology <name>     ${TOPOLOGIES.join(', ')} (line)
  --link-delay <ms>     delay of every link, in ms (0)
  --base-port <port>    TCP port of node 0, and use the ports that the file names (any free ports)
  --root-id <port>      UDP port of node 0 (any free ports; 40000 with --program)

Your own program
${PROGRAM_USAGE}
${WIRE_USAGE}

Run
  --seed <number>       seed of the nodes' random numbers, to repeat a run
  --record <file>       write all events to a file, one JSON object a line
  --help                show this help

Exit codes: 1 when an expectation fails or the recording is incomplete; 2 when the file has errors or the recording
cannot be written.`

/** Parses the options. Returns null when they ask for help, or an error that names the faulty option. */
export const parseRunOptions = (argv: readonly string[]): RunOptions | string | null =>
  readArguments(argv, {
    usage: RUN_USAGE,
    parse,
    severalTimes: ['program'],
    missing: ({ positionals: [file = ''] }) => (file === '' ? 'name the file to run' : undefined),
    interpret,
  })

/** @throws Error that names the invalid argument. */
function interpret({ values, positionals }: ReturnType<typeof parse>): RunOptions {
  const [file = '', extra] = positionals
  if (extra !== undefined) throw new Error(`run takes one file, so leave out '${extra}'`)
  const seed = whole('--seed', values.seed ?? '1', 0, 999_999_999)
  return {
    file,
    settings: labSettings({ 'base-port': '20000', 'root-id': '40000', ...values }, seed),
    // The root id of a program is its own, and says nothing about TCP ports.
    ownPorts: values['base-port'] !== undefined || (values['root-id'] !== undefined && values.program.length === 0),
    ownRoot: values['root-id'] !== undefined || values.program.length > 0,
    programs: values.program,
    wire: values.wire,
    repeatable: values.seed !== undefined,
    record: values.record,
  }
}

/** Options of `rumorscope run`, for parseArgs. */
export const RUN_OPTIONS = {
  nodes: { type: 'string', default: '4' },
  topology: { type: 'string', default: 'line' },
  'link-delay': { type: 'string', default: '0' },
  'base-port': { type: 'string' },
  'root-id': { type: 'string' },
  seed: { type: 'string' },
  program: { type: 'string', multiple: true, default: [] },
  wire: { type: 'string' },
  record: { type: 'string' },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsConfig['options']

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], allowPositionals: true, options: RUN_OPTIONS, tokens: true })
