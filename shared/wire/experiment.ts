/**
 * An experiment: all that determines a run of simulated nodes. Its text is short enough for an address:
 *
 *   1 7 4 line 250              version, seed, nodes, topology, delay of the links in ms
 *   1520.25 p 0 msg 1 hello     time in ms, author (page, console or scenario), command
 */
import { MAX_LINE_BYTES } from '../language/command.ts'
import { MAX_LINK_DELAY_MS, MAX_NODES, MIN_NODES } from '../model/lab-settings.ts'
import { TOPOLOGIES, type Topology } from '../model/topology.ts'
import type { By } from './protocol.ts'

export interface Experiment {
  readonly seed: number
  /** The network that it begins with. */
  readonly n: number
  readonly topology: Topology
  readonly linkDelayMs: number
  /** In order of time. */
  readonly commands: readonly TimedCommand[]
}

export interface TimedCommand {
  /** In ms since the beginning. */
  readonly at: number
  readonly by: By
  readonly line: string
}

/** Maximum number of commands in an experiment. */
export const MAX_EXPERIMENT_COMMANDS = 2_000
/** Latest time of a command, in ms: a day. */
const MAX_AT_MS = 86_400_000

const VERSION = '1'
const AUTHORS: Readonly<Record<string, By>> = { p: 'page', c: 'console', s: 'scenario' }

export function formatExperiment({ seed, n, topology, linkDelayMs, commands }: Experiment): string {
  const lines = commands.map(({ at, by, line }) => `${at} ${by[0]} ${line}`)
  return [`${VERSION} ${seed} ${n} ${topology} ${linkDelayMs}`, ...lines].join('\n')
}

/** Returns the experiment, or what is wrong with the text, for the middle of a sentence. */
export function parseExperiment(text: string): Experiment | string {
  const [head = '', ...lines] = text.split('\n')
  const [version, seed, n, name, delay, ...more] = head.split(' ')
  if (version !== VERSION) return 'it is not an experiment of this version of Rumorscope'
  const topology = TOPOLOGIES.find((one) => one === name)
  const numbers = [whole(seed, 0, 2 ** 31 - 1), whole(n, MIN_NODES, MAX_NODES), whole(delay, 0, MAX_LINK_DELAY_MS)]
  const [seedRead, nRead, linkDelayMs] = numbers
  if (seedRead === undefined || nRead === undefined || linkDelayMs === undefined || !topology || more.length > 0)
    return 'its network is damaged'
  if (lines.length > MAX_EXPERIMENT_COMMANDS) return `it has more than ${MAX_EXPERIMENT_COMMANDS} commands`
  const commands: TimedCommand[] = []
  for (const [index, line] of lines.entries()) {
    const command = parseTimedCommand(line)
    if (!command || command.at < (commands.at(-1)?.at ?? 0)) return `its command ${index + 1} is damaged`
    commands.push(command)
  }
  return { seed: seedRead, n: nRead, topology, linkDelayMs, commands }
}

function parseTimedCommand(text: string): TimedCommand | undefined {
  const [, time, author, line] = /^(\d{1,8}(?:\.\d{1,12})?) ([pcs]) (.+)$/.exec(text) ?? []
  const by = AUTHORS[author ?? '']
  const at = Number(time)
  if (by === undefined || line === undefined || !(at <= MAX_AT_MS) || line.length > MAX_LINE_BYTES) return undefined
  return { at, by, line }
}

function whole(text: string | undefined, min: number, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text ?? '') ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : undefined
}
