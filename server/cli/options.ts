/** Parses the command line of the lab. */

import { isIP } from 'node:net'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import {
  DEFAULT_LINK_DELAY_MS,
  type LabSettings,
  MAX_LINK_DELAY_MS,
  MAX_PROCESSES,
  MIN_NODES,
} from '../../shared/model/lab-settings.ts'
import { TOPOLOGIES } from '../../shared/model/topology.ts'
import { parseAuthority, USUAL_PORT } from '../http/authority.ts'
import { isLinkLocal, isOfMany, isOwnName, plainAddress } from '../platform/addresses.ts'
import { readArguments } from './arguments.ts'
import { PROGRAM_USAGE } from './program-option.ts'
import { WIRE_USAGE } from './wire-option.ts'

/** Port of the page. */
export const DEFAULT_PORT = 5_450
export const MAX_PORT = 65_535

export interface Options {
  /** Address to listen on. */
  readonly host: string
  readonly port: number
  /** Further names of this machine. */
  readonly names: readonly string[]
  /** Whether to open the presenter's page in this machine's browser. */
  readonly open: boolean
  readonly settings: LabSettings
  /** File for a complete recording. */
  readonly record: string | undefined
  /** Recording that the page opens by itself. */
  readonly recording: string | undefined
  /** Whether the lab records automatically, for the next start to offer. */
  readonly autosave: boolean
  /** The commands of --program, unread. */
  readonly programs: readonly string[]
  /** The file of --wire, unread. */
  readonly wire: string | undefined
}

export const USAGE = `rumorscope [options]                 watch gossip happen: real processes, real UDP
rumorscope run FILE [options]        run a scenario; for details, rumorscope run --help
rumorscope check PROGRAM [options]   test a program; for details, rumorscope check --help
rumorscope stopall                   end all nodes that were started for this user

Network
  --nodes <n>           number of nodes (4)
  --topology <name>     ${TOPOLOGIES.join(', ')} (line)
  --link-delay <ms>     delay of every link, in ms (${DEFAULT_LINK_DELAY_MS}, slow enough to follow; 0 with --program)
  --base-port <port>    TCP port of node 0, as in the start command of proxy.py (20000)
  --root-id <port>      UDP port of node 0 (40000)

Your own program
${PROGRAM_USAGE}
${WIRE_USAGE}

Page
  --port <port>         port of the page (${DEFAULT_PORT})
  --host <address>      address of the page: 127.0.0.1 for this machine only (the default), 0.0.0.0 or :: for all
                        addresses, or one of them. Anyone who reaches it can watch; only you can control the lab
  --name <name>         another name of the lab, such as that of a tunnel: class.example.org, or with its port,
                        class.example.org:8443; repeatable. Only the key then gives control
  --no-open             do not open the presenter's page in this machine's browser

Recordings
  --record <file>       write all events to a file that the page can open
  --recording <file>    open the page at this recording, such as that of a failed check
  --no-autosave         do not keep the newest events in ~/.local/state/rumorscope for the next start

Other
  --help                show this help

Environment
  RUMORSCOPE_RUNTIME    folder in which our programs find each other (XDG_RUNTIME_DIR, or that for temporary files)
  BROWSER=none          never open a browser`

/** Parses the options. Returns null when they ask for help, or an error that names the faulty option. */
export const parseOptions = (argv: readonly string[]): Options | string | null =>
  readArguments(argv, {
    usage: USAGE,
    parse,
    severalTimes: ['name', 'program'],
    interpret: ({ values }) => interpret(values),
  })

/** Options of the lab, for parseArgs. */
export const LAB_OPTIONS = {
  port: { type: 'string', default: `${DEFAULT_PORT}` },
  host: { type: 'string', default: '127.0.0.1' },
  name: { type: 'string', multiple: true, default: [] },
  'no-open': { type: 'boolean', default: false },
  nodes: { type: 'string', default: '4' },
  topology: { type: 'string', default: 'line' },
  'link-delay': { type: 'string' },
  program: { type: 'string', multiple: true, default: [] },
  wire: { type: 'string' },
  'base-port': { type: 'string', default: '20000' },
  'root-id': { type: 'string', default: '40000' },
  record: { type: 'string' },
  recording: { type: 'string' },
  'no-autosave': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsConfig['options']

const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], options: LAB_OPTIONS, tokens: true })

function interpret(values: ReturnType<typeof parse>['values']): Options {
  return {
    host: listenAddress(values.host),
    port: whole('--port', values.port, 0, MAX_PORT),
    names: values.name.map(hostName),
    open: !values['no-open'],
    settings: labSettings({ 'link-delay': `${values.program.length > 0 ? 0 : DEFAULT_LINK_DELAY_MS}`, ...values }),
    programs: values.program,
    wire: values.wire,
    record: values.record,
    recording: values.recording,
    autosave: !values['no-autosave'],
  }
}

function listenAddress(host: string): string {
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host
  if (isIP(address) === 0)
    throw new Error(`--host must be an address of this machine, or 0.0.0.0 for all of them, not '${host}'`)
  const kind = isLinkLocal(address) ? 'link-local' : isOfMany(address) ? 'multicast' : undefined
  if (kind !== undefined)
    throw new Error(
      `--host ${host} is a ${kind} address, which browsers cannot open; use another address, or 0.0.0.0 for all of them`,
    )
  return plainAddress(address)
}

function hostName(text: string): string {
  const authority = parseAuthority(text)
  if (!authority)
    throw new Error(
      `--name must be the name of a host, such as class.example.org or class.example.org:8443, not '${text}'`,
    )
  // With a port it belongs to a forwarder on this machine.
  if (isOwnName(authority.name) && !authority.hasPort)
    throw new Error(
      `--name '${text}' would lead other people to their own machines; give the name of your tunnel, or add the port ` +
        `of a forwarder on this machine, as in ${authority.name}:${USUAL_PORT.https}`,
    )
  return authority.hasPort ? `${authority.name}:${authority.port}` : authority.name
}

/** The options that define a lab, as they were typed. */
type LabValues = Readonly<Record<'nodes' | 'topology' | 'link-delay' | 'base-port' | 'root-id', string>>

/** @throws Error that names the invalid option. */
export function labSettings(values: LabValues, seed = 1): LabSettings {
  const n = whole('--nodes', values.nodes, MIN_NODES, MAX_PROCESSES)
  const topology = TOPOLOGIES.find((name) => name === values.topology)
  if (!topology) throw new Error(`--topology must be one of ${TOPOLOGIES.join(', ')}, not '${values.topology}'`)
  return {
    n,
    topology,
    linkDelayMs: whole('--link-delay', values['link-delay'], 0, MAX_LINK_DELAY_MS),
    seed,
    basePort: whole('--base-port', values['base-port'], 1, 65_536 - n),
    rootId: whole('--root-id', values['root-id'], 1, 65_536 - n),
    gossip: DEFAULTS,
  }
}

/** @throws Error that says which values the option takes. */
export function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max))
    throw new Error(`${name} must be a whole number from ${min} to ${max}, not '${text}'`)
  return value
}
