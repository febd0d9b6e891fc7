/** Describes the lab for the stage: nodes and links in words and shapes, without their positions. */

import { type Pattern, paintOf } from '../../shared/model/colours.ts'
import { holds, type LabState, type NodeState, type NodeStatus } from '../../shared/model/lab-state.ts'
import { runs } from '../../shared/model/reach.ts'
import { linksOf } from '../../shared/model/topology.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import { linkWords } from '../model/link-words.ts'
import type { Selection } from '../model/selection.ts'

/** More messages than this are one arc: single segments would be indistinguishable. */
const MAX_SEGMENTS = 48

export interface Segment {
  readonly hue: string
  readonly pattern: Pattern
  readonly held: boolean
  /** Received, and kept back until an earlier message comes. */
  readonly waits: boolean
}

export interface NodeView {
  readonly id: number
  readonly status: NodeStatus
  readonly name: string
  /** False while its process runs but does not respond. */
  readonly answers: boolean
  /** Whether it does not run, and another program has its port. */
  readonly stranger: boolean
  /** Whether it received a typed crash, and still forwards messages in flight. */
  readonly ending: boolean
  /** Under the node. */
  readonly count: string
  readonly detail: string
  readonly ports: string
  /** The number of messages that it keeps back; empty when none. */
  readonly waiting: string
  /** Its fault, which takes precedence over its name and its messages. */
  readonly mischief: string
  readonly segments: readonly Segment[]
  /** Share of the messages that it has; drawn when there are no segments. */
  readonly share: number
  readonly selected: boolean
  /** Time of the step that changed it, in ms of the lab; null for none. */
  readonly changed: number | null
}

export interface LinkView {
  readonly a: number
  readonly b: number
  readonly name: string
  readonly label: string
  /** The details that a stage has room for. */
  readonly short: string
  /** Whether it is faulty, or passes nothing. */
  readonly fault: 'cut' | 'impaired' | null
  /** Whether an end of it is not running. */
  readonly broken: boolean
  readonly selected: boolean
}

/** `changed` are the highlighted nodes, `at` is the time of the step that changed them. */
export function nodeViews(
  lab: Pick<LabState, 'nodes' | 'messages'>,
  selection: Selection | null,
  changed: ReadonlySet<number> = new Set(),
  at: number | null = null,
): NodeView[] {
  return lab.nodes.map((node) => ({
    ...nodeView(node, lab.messages, selection),
    changed: changed.has(node.id) ? at : null,
  }))
}

function nodeView(
  node: NodeState,
  messages: LabState['messages'],
  selection: Selection | null,
): Omit<NodeView, 'changed'> {
  const total = messages.length
  const { id, status, stranger = false } = node
  const isUp = runs(node)
  return {
    id,
    status,
    name: spokenName(node, total) + node.behaviours.map((behaviour) => `, set to ${behaviour}`).join(''),
    answers: node.answers,
    stranger,
    ending: node.ending,
    count: countOf(node, total),
    detail: stranger ? `stranger on :${node.port}` : isUp || status === 'absent' ? '' : copiesLost(node.lost),
    ports: isUp ? portsOf(node) : '',
    waiting: waitingCount(node) === 0 ? '' : `${formatCount(waitingCount(node))} waiting`,
    mischief: isUp ? node.behaviours.map((behaviour) => `${behaviour}s`).join(', ') : '',
    segments:
      total > MAX_SEGMENTS
        ? []
        : messages.map((message, place) => ({
            hue: paintOf(place).hue,
            pattern: paintOf(place).pattern,
            held: holds(message, id),
            waits: node.keptBack[message.key] !== undefined,
          })),
    share: total === 0 ? 0 : node.messages / total,
    selected: selection?.kind === 'node' && selection.id === id,
  }
}

function countOf({ status, messages, answers, ending, suspended }: NodeState, total: number): string {
  if (suspended) return 'suspended'
  if (!answers) return 'no answer'
  if (ending) return `ending, ${formatCount(messages)} of ${formatCount(total)}`
  if (runs({ status })) return `${formatCount(messages)} of ${formatCount(total)}`
  return status === 'absent' ? 'not started' : status
}

/** Words for messages that came too early. */
const waitingCount = ({ keptBack }: NodeState): number => Object.keys(keptBack).length

const portsOf = ({ tcp, port }: NodeState): string =>
  [...tcp.slice(0, 1), port].map((number) => `:${number}`).join(' · ')

const copiesLost = (lost: number) => `${plural(lost, 'copy', 'copies')} lost`

function spokenName(node: NodeState, total: number): string {
  const waiting = waitingCount(node)
  const early = waiting === 0 ? '' : `, ${formatCount(waiting)} received and waiting for an earlier one`
  return lifeWords(node, total) + early
}

function lifeWords(node: NodeState, total: number): string {
  const { id, status, messages, lost, answers, ending, stranger, port, suspended } = node
  const other = stranger ? `, another program has its UDP port ${port}` : ''
  if (status === 'absent') return `Node ${id}, not started${other}`
  if (runs({ status })) {
    const life = `${ending ? 'ending' : status}${suspended ? ', suspended' : answers ? '' : ', does not answer'}`
    return `Node ${id}, ${life}, has ${formatCount(messages)} of ${plural(total, 'message')}`
  }
  return `Node ${id}, ${status}, ${copiesLost(lost)}${other}`
}

export function linkViews(
  { settings, nodes, links }: Pick<LabState, 'settings' | 'nodes' | 'links'>,
  selection: Selection | null,
): LinkView[] {
  if (!settings) return []
  const isUp = nodes.map(runs)
  return linksOf(settings.topology, nodes.length, settings.seed).map(([a, b]) => {
    const { label, short, fault } = linkWords({ links }, a, b, settings.linkDelayMs)
    const broken = !(isUp[a] && isUp[b])
    const name = `Link ${a} to ${b}, ${label}${broken ? ', broken' : ''}`
    const selected = selection?.kind === 'link' && selection.a === a && selection.b === b
    return { a, b, name, label, short, fault, broken, selected }
  })
}
