/**
 * Writes a lab's state as text, part by part, in words of its own: when a field of the state gets another name, this
 * file changes and no frozen text does.
 */

import { canonically } from '../../shared/gossip/canonical-order.ts'
import type { Counters } from '../../shared/model/counters.ts'
import type { LinkCondition } from '../../shared/model/fault.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import type { LabState, MessageState, NodeState } from '../../shared/model/lab-state.ts'

export function stateText(lab: LabState): string {
  const parts: Readonly<Record<string, readonly string[]>> = {
    lab: labLines(lab),
    links: Object.entries(lab.links).map(([way, condition]) => `${way} ${linkText(condition)}`),
    nodes: lab.nodes.flatMap((node) => nodeLines(node, lab)),
    messages: lab.messages.flatMap(messageLines),
    'in flight': Object.values(lab.inFlight).map(
      ({ id, from, to, sentAt, arrivesAt, why, bytes, content }) =>
        `${id}: ${from} to ${to}, ${sentAt} to ${arrivesAt} ms, ${why}, ${bytes} bytes, ${JSON.stringify(content)}`,
    ),
    'held at a gate': Object.values(lab.held).map(
      ({ number, from, to, heldAt, why, bytes, content, copyOf, ticket }) =>
        `#${number}: ${from} to ${to}, since ${heldAt} ms, ${why}, ${bytes} bytes, copy of ${copyOf}, ticket ${ticket}, ` +
        JSON.stringify(content),
    ),
    commands: lab.commands.flatMap(({ n, at, by, who = '', line, output, error }) => [
      `${n} at ${at} ms, ${by} ${who}> ${line}`,
      ...output.map((text) => `  ${text}`),
      ...(error === undefined ? [] : [`  refused: ${error}`]),
    ]),
  }
  return Object.entries(parts)
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('\n')
}

/** Returns `name value, name value ...` of the present values. */
const listed = (facts: object): string =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')

function labLines({ last, at, settings, timersHeld, viewersMay, comparisons, recordingProblem }: LabState) {
  return [
    `${last} events, ${at} ms`,
    settings === null ? 'no network' : settingsText(settings),
    listed({ timers: timersHeld ? 'held' : 'run', viewers: viewersMay, comparisons, problem: recordingProblem }),
  ]
}

function settingsText({ n, topology, linkDelayMs, seed, rootId, basePort, gossip, keyed = false }: LabSettings) {
  const { fanout, window, coin, ackTimeoutMs, antiEntropyMs, retries } = gossip
  const rules = { fanout, window, coin, 'ack timeout': ackTimeoutMs, 'anti-entropy': antiEntropyMs, retries }
  return listed({ [topology]: n, delay: linkDelayMs, seed, udp: rootId, tcp: basePort, keyed, ...rules })
}

const linkText = ({ cut, loss, duplicate, reorder, delayMs, jitterMs, hold }: LinkCondition) =>
  listed({ cut, loss, duplicate, reorder, delay: delayMs, jitter: jitterMs, hold })

function nodeLines(node: NodeState, lab: LabState): readonly string[] {
  const { id, status, answers, stranger, ending, port, tcp, generation, pid, seed, startedAt, endedAt, end } = node
  const { stderr, messages, lost, vector, heard, unanswered, counters, sampling, behaviours, oversized, keptBack } =
    node
  const lines = {
    life: { generation, pid, seed, started: startedAt, ended: endedAt, end, stderr },
    signs: { answers, stranger, ending, sampling, behaviours },
    holds: { messages, lost, oversized, 'kept back': keptBack },
    'chat log': chatLog(node, lab),
    'lowest not seen': vector,
    heard,
    unacknowledged: unanswered,
    counters: counters && countersOf(counters),
  }
  return [
    `node ${id}: ${status}, udp ${port}, tcp ${tcp}`,
    ...Object.entries(lines).map(
      ([name, value]) => `  ${name}: ${value === null || typeof value === 'string' ? value : listed(value)}`,
    ),
  ]
}

/** Leaves out a counter that is younger than the recordings and is 0 in all of them. */
const countersOf = ({ rumorsAlongside, ...counters }: Counters) =>
  rumorsAlongside === 0 ? counters : { ...counters, rumorsAlongside }

/** Returns the line that a node answers to `get chatLog`, according to the state. */
export function chatLog({ id }: Pick<NodeState, 'id'>, { messages }: Pick<LabState, 'messages'>): string {
  const mine = messages.filter(({ copies }) => copies[id]?.lostAt === null).sort(canonically)
  const texts = mine.map(({ text, wire }) => wire ?? text.replace(/%/g, '%25'))
  return texts.map((text) => text.replace(/,/g, '%2C')).join(',') || '<empty>'
}

function messageLines({ key, origin, seq, text, wire, at, traffic, copies }: MessageState): readonly string[] {
  return [
    `${key} (${origin}, ${seq}) ${JSON.stringify(text)}${wire === undefined ? '' : ` wire ${JSON.stringify(wire)}`} at ${at} ms`,
    `  datagrams: ${traffic === null ? 'not known' : listed({ ...traffic, acks: Number(traffic.acks.toFixed(6)) })}`,
    ...Object.entries(copies).map(([id, copy]) => {
      const { at, hops, from, lostAt } = copy
      return `  node ${id}: ${listed({ at, links: hops, from, lost: lostAt })}`
    }),
  ]
}
