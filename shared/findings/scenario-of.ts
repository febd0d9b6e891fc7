/**
 * Writes the shortest scenario that leads to a finding: the commands of its network up to the finding, without those
 * that cannot matter to it. The file says what was left out.
 */
import { DEFAULTS } from '../gossip/settings.ts'
import { type Command, parseCommand } from '../language/command.ts'
import { formatCommand } from '../language/command-format.ts'
import type { EventOf, LabEvent } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { nodeNames } from '../model/names.ts'
import { formatInstant, formatMs, plural } from '../text/format.ts'
import { visible } from '../text/visible.ts'
import type { Finding } from './finding.ts'
import { timesThatMatter } from './reach-in-time.ts'

/** Pauses between two commands: shorter ones are left out, and longer ones are shortened, in ms. */
const SHORTEST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 40_000

/** The known past of a network: its settings when it began, and events up to now, the oldest first. */
export interface KnownPast {
  readonly settings: LabSettings
  readonly events: readonly LabEvent[]
}

type LeftOut = 'look' | 'refused command' | 'message'

interface Kept {
  readonly at: number
  readonly line: string
}

export function scenarioOf(finding: Finding, { settings, events }: KnownPast): string {
  const leftOut = new Map<LeftOut, number>()
  const kept: Kept[] = []
  const past = events.filter(({ n }) => n >= finding.network)
  const matters = timesThatMatter(finding, settings, past)
  for (const event of commandsUpTo(finding, past)) {
    const why = reasonToLeaveOut(event, matters)
    if (why === undefined) kept.push({ at: event.at, line: event.line.trim() })
    else if (why !== 'begins it') leftOut.set(why, (leftOut.get(why) ?? 0) + 1)
  }
  const isWhole = finding.network === 0 || past[0]?.n === finding.network
  return [
    ...headOf(finding, leftOut, isWhole),
    '',
    ...beginning(settings),
    ...linesOf(kept, past[0]?.at ?? 0, finding),
    '',
  ].join('\n')
}

/** A crash command is reported when the node has ended, which may be the finding. */
function commandsUpTo({ until, kind, nodes }: Finding, events: readonly LabEvent[]): EventOf<'command'>[] {
  const commands = events.flatMap((event) => (event.type === 'command' ? [event] : []))
  const [id] = nodes
  const restart = events.find((event) => event.n > until && event.type === 'starting' && event.node === id)
  const cause = commands.find(
    ({ n, line }) => n > until && n < (restart?.n ?? Infinity) && line.startsWith(`${id} crash`),
  )
  const upTo = kind === 'ended' && cause ? cause.n : until
  return commands.filter((event) => event.n <= until || event.n === upTo)
}

function reasonToLeaveOut(
  { at, line, error }: EventOf<'command'>,
  matters: (node: number) => number,
): LeftOut | 'begins it' | undefined {
  if (error !== undefined) return 'refused command'
  const parsed = parseCommand(line.trim())
  if (!parsed.ok) return 'refused command'
  const { command } = parsed
  if (command.kind === 'network') return 'begins it'
  if (command.kind === 'help' || command.kind === 'viewers' || command.kind === 'chatLog') return 'look'
  return command.kind === 'msg' && at > matters(command.id) ? 'message' : undefined
}

function headOf(
  { words, lookAt, at, nodes, inferred }: Finding,
  leftOut: ReadonlyMap<LeftOut, number>,
  isWhole: boolean,
): string[] {
  const left = [...leftOut].map(
    ([what, count]) => `${plural(count, what)}${what === 'message' ? ` that could not reach ${nodeNames(nodes)}` : ''}`,
  )
  return [
    `# ${words} (at ${formatInstant(at)}${inferred ? ', inferred' : ''})`,
    `# ${lookAt}`,
    '# Run it: rumorscope run FILE.scenario --program ./process',
    `# Left out: ${[...left, 'everything after the finding'].join(', ')}.`,
    `# Pauses are as they were, but for those below ${formatMs(SHORTEST_PAUSE_MS)} and beyond ${formatMs(LONGEST_PAUSE_MS)}.`,
    ...(isWhole ? [] : ['# The oldest commands of this network are not known any more.']),
  ].map(visible)
}

function beginning({ n, topology, linkDelayMs, gossip }: LabSettings): string[] {
  const changed = Object.entries(gossip).filter(([name, value]) => DEFAULTS[name as keyof typeof DEFAULTS] !== value)
  const commands: readonly Command[] = [
    { kind: 'network', n, topology, settings: Object.fromEntries(changed) },
    { kind: 'delay', ms: linkDelayMs },
  ]
  return commands.map(formatCommand)
}

function linesOf(kept: readonly Kept[], beganAt: number, { foundAt, kind, message }: Finding): string[] {
  const lines: string[] = []
  let last = beganAt
  const pause = (at: number) => {
    const ms = Math.min(LONGEST_PAUSE_MS, 10 * Math.ceil((at - last) / 10))
    if (ms >= SHORTEST_PAUSE_MS) lines.push(`sleep ${ms}ms`)
    last = Math.max(last, at)
  }
  for (const { at, line } of kept) {
    pause(at)
    lines.push(line)
  }
  pause(foundAt)
  if (kind === 'lines as one' && message)
    lines.push(
      "# A scenario sends each line by itself. For one segment: printf 'msg 1 a\\nmsg 2 b\\n' | nc 127.0.0.1 PORT",
    )
  return lines
}
