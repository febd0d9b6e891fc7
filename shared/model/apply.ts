/** Applies each event to the state of the lab. */

import { messageKey } from '../gossip/origin.ts'
import type { Draft } from './draft.ts'
import type { EventOf, LabEvent } from './event.ts'
import { changeLinks } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'
import type { MessageState, NodeState } from './lab-state.ts'
import { countSent, NO_TRAFFIC, noteRumor, noteSampling, noteStored } from './traffic.ts'

/** Maximum number of commands that the state remembers, and the console of a page. */
export const MAX_REMEMBERED_COMMANDS = 200

export function apply(draft: Draft, event: LabEvent) {
  switch (event.type) {
    case 'network':
      startNetwork(draft, event)
      break
    case 'settings':
      draft.settings = event.settings
      resize(draft, event.settings)
      break
    case 'starting':
    case 'running':
    case 'ended':
      changeLife(draft, event)
      break
    case 'lost':
      delete draft.part('inFlight')[event.datagram]
      break
    case 'command':
      rememberCommand(draft, event)
      break
    case 'links':
      draft.replace('links', changeLinks(draft.look('links'), event.links))
      break
    case 'behaves': {
      const node = draft.node(event.node)
      if (node) node.behaviours = event.behaviours
      break
    }
    case 'answering': {
      const node = draft.node(event.node)
      if (node) setAnswering(node, event)
      break
    }
    case 'overloaded': {
      const node = draft.node(event.node)
      if (node && node.endedAt === null) setOverloaded(node, event.overloaded)
      break
    }
    case 'outdated': {
      const node = draft.node(event.node)
      if (node && node.endedAt === null) node.outdated = true
      break
    }
    case 'output': {
      const node = draft.node(event.node)
      if (node && node.endedAt === null) node.stderr = event.lines
      break
    }
    case 'trouble': {
      const node = draft.node(event.node)
      if (node && node.endedAt === null) setTrouble(node, event.why)
      break
    }
    case 'stranger': {
      const node = draft.node(event.node)
      if (node) node.stranger = event.present
      break
    }
    case 'timers':
      draft.timersHeld = event.held
      break
    case 'recording':
      draft.recordingProblem = event.problem ?? ''
      break
    case 'viewers':
      draft.viewersMay = event.may
      break
    default:
      applyNodeEvent(draft, event)
  }
}

function startNetwork(draft: Draft, { at, settings }: EventOf<'network'>) {
  draft.settings = settings
  draft.forgetHeard()
  draft.replace('nodes', [])
  draft.replace('messages', [])
  draft.replace('places', {})
  draft.replace('inFlight', {})
  draft.replace('held', {})
  draft.replace('links', {})
  draft.timersHeld = false
  draft.comparisons = { count: 0, since: at }
  resize(draft, settings)
}

/** Only nodes that have never run leave a network: it grew for one that did not start. */
function resize(draft: Draft, { n, rootId }: LabSettings) {
  const nodes = draft.part('nodes')
  nodes.length = Math.min(nodes.length, n)
  for (let id = nodes.length; id < n; id += 1) nodes.push(absentNode(id, rootId + id))
}

const absentNode = (id: number, port: number): NodeState => ({
  id,
  status: 'absent',
  answers: true,
  stranger: false,
  ending: false,
  port,
  tcp: [],
  generation: 0,
  pid: null,
  seed: null,
  startedAt: null,
  endedAt: null,
  end: null,
  stderr: [],
  messages: 0,
  lost: 0,
  vector: {},
  heard: {},
  unanswered: {},
  acknowledged: {},
  counters: null,
  sampling: 1,
  behaviours: [],
  oversized: {},
  keptBack: {},
})

/** Parts of a node that each start sets anew, and those that end with its process. */
const KIND = ['host', 'program', 'gate', 'startedFor', 'lacks'] as const
const OF_A_RUN = ['trouble', 'suspended', 'outdated', 'overloaded'] as const

function changeLife(draft: Draft, event: EventOf<'starting' | 'running' | 'ended'>) {
  const node = draft.node(event.node)
  if (!node) return
  if (event.type !== 'running') draft.forgetHeard(event.node)
  if (event.type === 'starting') {
    // Its end may never have been reported.
    loseCopies(draft, node.id, event.at)
    const { generation, pid, seed, at } = event
    const { behaviours } = node
    const kind = KIND.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]]))
    const begun = { status: 'starting', generation, pid, seed, startedAt: at, behaviours, ...Object.fromEntries(kind) }
    for (const name of [...KIND, ...OF_A_RUN]) delete node[name]
    Object.assign(node, absentNode(node.id, node.port), begun)
  } else if (event.type === 'running') {
    Object.assign(node, { status: 'running', tcp: event.tcp, pid: event.pid ?? node.pid })
  } else {
    loseCopies(draft, node.id, event.at)
    loseHeld(draft, node.port)
    const { end, stderr, at } = event
    const { messages } = node
    for (const name of OF_A_RUN) delete node[name]
    Object.assign(node, {
      status: end.how,
      end,
      stderr,
      endedAt: at,
      answers: true,
      ending: false,
      messages: 0,
      lost: messages,
      tcp: [],
      vector: {},
      heard: {},
      unanswered: {},
      acknowledged: {},
      oversized: {},
      keptBack: {},
    })
  }
}

function loseCopies(draft: Draft, id: number, at: number) {
  for (const { origin, seq } of draft.look('messages')) {
    if (!draft.holds(id, origin, seq)) continue
    const message = draft.message(origin, seq)
    const copy = message?.copies[id]
    if (message && copy) draft.inside(message, 'copies')[id] = { ...copy, lostAt: at }
  }
}

/** Datagrams at a node's gate are lost with it. */
function loseHeld(draft: Draft, port: number) {
  const mine = Object.values(draft.look('held')).filter(({ from }) => from === port)
  for (const { number } of mine) delete draft.part('held')[number]
}

function rememberCommand(draft: Draft, { type: _, ...echo }: EventOf<'command'>) {
  const commands = draft.part('commands')
  commands.push(echo)
  if (commands.length > MAX_REMEMBERED_COMMANDS) commands.shift()
}

function applyNodeEvent(draft: Draft, event: LabEvent) {
  switch (event.type) {
    case 'given':
      addMessage(draft, event)
      break
    case 'stored':
      store(draft, event)
      break
    case 'kept-back':
      keepBack(draft, event)
      break
    case 'sent':
      send(draft, event)
      break
    case 'held':
      hold(draft, event)
      break
    case 'airborne': {
      const { [event.datagram]: datagram } = draft.look('inFlight')
      if (datagram) draft.part('inFlight')[event.datagram] = { ...datagram, arrivesAt: event.at + event.delayMs }
      break
    }
    case 'received':
      receive(draft, event)
      break
    case 'oversized': {
      const { origin, seq, bytes, most } = event
      const node = draft.node(event.node)
      if (node && node.endedAt === null) draft.inside(node, 'oversized')[messageKey(origin, seq)] = { bytes, most }
      break
    }
    case 'rejected':
      if (event.datagram !== undefined) delete draft.part('inFlight')[event.datagram]
      break
    case 'counters':
    case 'sampling': {
      const node = draft.node(event.node)
      if (node)
        Object.assign(node, event.type === 'counters' ? { counters: event.counters } : { sampling: event.every })
      if (event.type === 'sampling') noteSampling(draft, event)
      break
    }
    case 'ending': {
      const node = draft.node(event.node)
      if (node) node.ending = node.endedAt === null
      break
    }
    // An event without a line here is history, not state, such as a refusal, a comparison or a coin.
    default:
  }
}

function setAnswering(node: { answers: boolean; suspended?: 'signal' | 'debugger' }, event: EventOf<'answering'>) {
  node.answers = event.answers
  if (event.suspended === undefined) delete node.suspended
  else node.suspended = event.suspended
}

function setOverloaded(node: { overloaded?: true }, overloaded: boolean) {
  if (overloaded) node.overloaded = true
  else delete node.overloaded
}

function setTrouble(node: { trouble?: string }, why: string | null) {
  if (why === null) delete node.trouble
  else node.trouble = why
}

/** A program of others reports no datagrams, so a message that it has to do with has no known traffic. */
function addMessage(draft: Draft, event: EventOf<'stored' | 'given'>) {
  const { at, origin, seq, text } = event
  const wire = event.type === 'stored' ? event.wire : undefined
  const foreign = wire === undefined ? {} : { wire }
  const key = messageKey(origin, seq)
  const message =
    draft.message(origin, seq) ??
    draft.addMessage({ key, origin, seq, text, ...foreign, at, traffic: NO_TRAFFIC, copies: {} })
  if (!message) return undefined
  // A busy node's report may come before the report of the message's own node.
  message.at = Math.min(message.at, at)
  if (event.type === 'given' || event.inferred) message.traffic = null
  return message
}

function store(draft: Draft, event: EventOf<'stored'>) {
  const { node: id, at, origin, seq, from, inferred, ambiguous } = event
  const node = draft.node(id)
  if (!node || draft.holds(id, origin, seq)) return
  const message = addMessage(draft, event)
  if (!message) return
  const { endedAt } = node
  const seen = { ...(inferred ? { inferred } : {}), ...(ambiguous ? { ambiguous } : {}) }
  draft.inside(message, 'copies')[id] = { at, from, hops: hopsTo(draft, message, from), lostAt: endedAt, ...seen }
  countOnwards(draft, message, id)
  noteStored(draft, message, event)
  if (endedAt !== null) {
    // The report came after the end of the node.
    node.lost += 1
    return
  }
  if (node.keptBack[message.key]) delete draft.inside(node, 'keptBack')[message.key]
  node.messages += 1
  let low = node.vector[origin] ?? 0
  while (draft.holds(id, origin, low)) low += 1
  draft.inside(node, 'vector')[origin] = low
}

function keepBack(draft: Draft, { node: id, at, origin, seq, from }: EventOf<'kept-back'>) {
  const node = draft.node(id)
  if (!node || node.endedAt !== null || draft.holds(id, origin, seq)) return
  draft.inside(node, 'keptBack')[messageKey(origin, seq)] = { at, from }
}

/** One link more than the copy that it came from; 0 at its origin. */
function hopsTo(draft: Draft, message: MessageState, from: number | null): number | null {
  if (from === null) return 0
  const rootId = draft.settings?.rootId ?? 0
  const hops = message.copies[from - rootId]?.hops
  return hops === undefined || hops === null ? null : hops + 1
}

/** A copy may be reported before the copy that it came from. Then its links are counted when the latter is reported. */
function countOnwards(draft: Draft, message: MessageState, id: number) {
  const hops = message.copies[id]?.hops ?? null
  if (hops === null) return
  const port = (draft.settings?.rootId ?? 0) + id
  // Loops without a list: every copy of every message leads here, and hardly ever finds any.
  for (const other in message.copies) {
    const copy = message.copies[other]
    if (copy?.from !== port || copy.hops !== null) continue
    draft.inside(message, 'copies')[other] = { ...copy, hops: hops + 1 }
    countOnwards(draft, message, Number(other))
  }
}

function hold(draft: Draft, event: EventOf<'held'>) {
  const { node: id, at, number, to, why, bytes, content, ticket, copyOf = null, head } = event
  const node = draft.node(id)
  // The report may have come after its node ended.
  if (!node || node.endedAt !== null) return
  const held = { number, from: node.port, to, heldAt: at, why, bytes, content, copyOf, ticket }
  draft.part('held')[number] = head === undefined ? held : { ...held, head }
}

function send(draft: Draft, event: EventOf<'sent'>) {
  countSent(draft, event)
  const { n, node: id, at, to, why, bytes, delayMs, content, fate, held } = event
  if (held !== undefined) delete draft.part('held')[held]
  const from = draft.node(id)?.port
  if (from === undefined || fate !== undefined) return
  draft.part('inFlight')[n] = { id: n, from, to, sentAt: at, arrivesAt: at + delayMs, why, bytes, content }
}

function receive(draft: Draft, event: EventOf<'received'>) {
  const { node: id, from, datagram, content } = event
  const node = draft.node(id)
  const sent = datagram === null ? undefined : draft.part('inFlight')[datagram]
  const heard = sent?.content ?? content
  if (datagram !== null) delete draft.part('inFlight')[datagram]
  if (sent) noteRumor(draft, event, sent)
  if (node && heard?.kind === 'status') draft.hear(id, from, heard.pairs)
}
