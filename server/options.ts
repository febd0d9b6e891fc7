/** The command line of the lab. */
import { parseArgs } from 'node:util'
import type { LabSettings } from '../shared/event.ts'
import { DEFAULTS } from '../shared/gossip/settings.ts'
import { MAX_LINK_DELAY_MS, MAX_NODES, MIN_NODES } from '../shared/limits.ts'
import { TOPOLOGIES } from '../shared/topology.ts'

export interface Options {
  readonly host: string
  readonly port: number
  readonly settings: LabSettings
}

export const USAGE = `rumorscope [options]            watch gossip happen: real processes, real UDP
rumorscope run FILE [options]   run a scenario; rumorscope run --help tells more

  --port <port>         where the page is (5450)
  --host <address>      this machine's own address to serve on; loopback only (127.0.0.1)
  --nodes <n>           number of nodes (4)
  --topology <name>     ${TOPOLOGIES.join(', ')} (line)
  --link-delay <ms>     time in the air on every link (250, so that eyes can follow)
  --base-port <port>    TCP port of node 0, as proxy.py's start takes it (20000)
  --root-id <port>      UDP port of node 0 (40000)
  --help                this`

/** Reads the options, or says what is wrong with them. `null` asks for help. */
export function parseOptions(argv: readonly string[]): Options | string | null {
  let values: ReturnType<typeof parse>
  try {
    values = parse(argv)
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`
  }
  if (values.help) return null
  try {
    return interpret(values)
  } catch (error) {
    return (error as Error).message
  }
}

const parse = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '5450' },
      host: { type: 'string', default: '127.0.0.1' },
      nodes: { type: 'string', default: '4' },
      topology: { type: 'string', default: 'line' },
      'link-delay': { type: 'string', default: '250' },
      'base-port': { type: 'string', default: '20000' },
      'root-id': { type: 'string', default: '40000' },
      help: { type: 'boolean', default: false },
    },
  }).values

function interpret(values: ReturnType<typeof parse>): Options {
  if (!['127.0.0.1', 'localhost'].includes(values.host))
    throw new Error(`--host ${values.host}: the lab serves this machine only; use 127.0.0.1`)
  return { host: '127.0.0.1', port: whole('--port', values.port, 0, 65_535), settings: labSettings(values) }
}

/** The options that say what a lab is made of, as they were typed. */
type LabValues = Readonly<Record<'nodes' | 'topology' | 'link-delay' | 'base-port' | 'root-id', string>>

/** @throws Error that names the option that makes no sense. */
export function labSettings(values: LabValues, seed = 1): LabSettings {
  const n = whole('--nodes', values.nodes, MIN_NODES, MAX_NODES)
  const topology = TOPOLOGIES.find((name) => name === values.topology)
  if (!topology) throw new Error(`--topology is one of ${TOPOLOGIES.join(', ')}, not '${values.topology}'`)
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

/** @throws Error that says what the option should be. */
export function whole(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw new Error(`${name} is a whole number from ${min} to ${max}, not '${text}'`)
  return value
}
