/**
 * Filters the lab's events and state for viewers: everything about gossip, and nothing about the machine. The stderr of
 * a node may name files of the presenter; so may an error.
 */
import type { End, LabEvent } from '../model/event.ts'
import type { CommandEcho, LabState, NodeState } from '../model/lab-state.ts'
import type { Lacks } from '../model/lacks.ts'

export function eventForViewers(event: LabEvent): LabEvent {
  if (event.type === 'ended') return { ...event, end: endForViewers(event.end), stderr: [] }
  if (event.type === 'starting') return kindForViewers(event)
  if (event.type === 'output') return { ...event, lines: [] }
  if (event.type === 'trouble') return { ...event, why: event.why === null ? null : TROUBLE }
  if (event.type === 'recording') return { ...event, problem: null }
  if (event.type === 'command' && event.error !== undefined) return { ...event, ...withoutItsPaths(event) }
  return event
}

export function stateForViewers(state: LabState): LabState {
  const nodes = state.nodes.map(nodeForViewers)
  return { ...state, nodes, commands: state.commands.map(echoForViewers), recordingProblem: '' }
}

/** Replaces the reason of trouble with a program: that may quote its output. */
const TROUBLE = 'The lab has trouble with this program.'

/** Replaces the reason why datagrams of a program pass no gate: it quotes the system. */
const NO_GATE = 'the machine of the lab does not allow it'

function kindForViewers<Kind extends { readonly gate?: true | string; readonly lacks?: Lacks }>(kind: Kind): Kind {
  return {
    ...kind,
    ...(typeof kind.gate === 'string' ? { gate: NO_GATE } : {}),
    // The reason may quote the system, too.
    ...(kind.lacks ? { lacks: { abilities: kind.lacks.abilities } } : {}),
  }
}

function nodeForViewers(node: NodeState): NodeState {
  if (node.end === null && !node.program) return kindForViewers(node)
  const end = node.end && endForViewers(node.end)
  return { ...kindForViewers(node), end, stderr: [], ...(node.trouble === undefined ? {} : { trouble: TROUBLE }) }
}

const echoForViewers = (echo: CommandEcho): CommandEcho =>
  echo.error === undefined ? echo : { ...echo, ...withoutItsPaths(echo) }

/** A refused line may contain the words of a program that was started with a path, such as bin/process. */
const withoutItsPaths = ({ line, error = '' }: Pick<CommandEcho, 'line' | 'error'>) => ({
  line: withoutPaths(line),
  error: withoutPaths(error),
})

function endForViewers(end: End): End {
  if (end.how !== 'failed' && end.how !== 'crashed') return end
  const { lastWords: _, ...told } = end
  return told.how === 'failed' ? { ...told, why: withoutPaths(told.why) } : told
}

/** Matches `/home/…`, `C:\…` and `file://…`, wherever they begin. */
const PATH = /(?:file:\/\/|(?<![\w/])[a-z]:[\\/]|(?<![\w/.])\.{0,2}\/(?=[\w.]))\S*/gi

const withoutPaths = (text: string): string => text.replace(PATH, '…')
