/** Measures a scene of a lesson, from the state of the lab before it ran and after. */

import { generationOf, portOf } from '../../../shared/gossip/origin.ts'
import { holdersOf } from '../../../shared/language/condition.ts'
import type { Figure } from '../../../shared/language/lesson-figure.ts'
import { cutOffFrom, waitingAt } from '../../../shared/model/cells.ts'
import { type CounterName, datagramsSent } from '../../../shared/model/counters.ts'
import type { LabState, MessageState, NodeState, Traffic } from '../../../shared/model/lab-state.ts'
import { nodeName, nodeNames } from '../../../shared/model/names.ts'
import { farthest, linksFrom, reachOf } from '../../../shared/model/reach.ts'
import { datagramsOf, NO_TRAFFIC, trafficWords } from '../../../shared/model/traffic.ts'
import { formatBytes, formatCount, formatMs, formatShare, plural } from '../../../shared/text/format.ts'
import { timeToAll } from '../measures.ts'
import { quoted } from '../shown.ts'

/** A figure for display: large, with words beside it. */
export interface Measured {
  readonly value: string
  readonly words: string
  /** Value for claims: a count, or ms, or bytes; null if it is unknown, or never reached. */
  readonly amount: number | null
  /** The nodes in question, if there are any. */
  readonly nodes?: readonly number[]
}

/** Whether it changes after the end of a scene's wait: it depends on counters, or grows for a while. */
export const isCounted = ({ kind }: Figure): boolean =>
  kind === 'cost' ||
  kind === 'rumors' ||
  kind === 'repeats' ||
  kind === 'datagrams' ||
  kind === 'redundant' ||
  kind === 'lost' ||
  kind === 'rejected' ||
  kind === 'memory'

export function measureFigure(figure: Figure, before: LabState, lab: LabState): Measured {
  const sum = (name: CounterName) => sinceThen(name, before, lab)
  const counted = (name: CounterName, words: string) => {
    const amount = sum(name)
    return { value: plural(amount, 'datagram'), words, amount }
  }
  switch (figure.kind) {
    case 'time':
      return timeOf(figure.text, lab)
    case 'took':
      return tookOf(figure.text, before, lab)
    case 'holders':
      return holdersInWords(figure.text, lab)
    case 'kept-back':
      return keptBackInWords(figure.text, lab)
    case 'rumors':
      return rumorsOf(figure.text, lab)
    case 'repeats': {
      const again = causedSince(before, lab)?.repeats
      if (again === undefined) return untold('how many rumors were sent again')
      return {
        value: plural(again, 'repeat'),
        words: 'rumors sent again because no acknowledgement came',
        amount: again,
      }
    }
    case 'cost':
      return costOf(figure.text, lab)
    case 'hops': {
      const hops = messageOf(figure.text, lab)?.copies[figure.id]?.hops ?? null
      return hops === null
        ? { value: 'none', words: `${quoted(figure.text)} is not at ${nodeName(figure.id)}`, amount: null }
        : { value: plural(hops, 'link'), amount: hops, words: `for ${quoted(figure.text)} to ${nodeName(figure.id)}` }
    }
    case 'caught-up':
      return caughtUp(lab.nodes[figure.id], lab)
    case 'waiting': {
      const amount = Object.keys(lab.held).length
      return { value: plural(amount, 'datagram'), words: 'held, not yet delivered', amount }
    }
    case 'datagrams': {
      const [rumors, statuses] = [sum('rumorsSent'), sum('statusesSent')]
      const amount = datagramsSent({
        rumorsSent: rumors,
        statusesSent: statuses,
        rumorsAlongside: sum('rumorsAlongside'),
      })
      return {
        value: plural(amount, 'datagram'),
        amount,
        words: `${plural(rumors, 'rumor')} and ${plural(statuses, 'status', 'statuses')}`,
      }
    }
    case 'redundant': {
      const caused = causedSince(before, lab)
      if (caused === null) return untold('how many rumors were redundant')
      const { rumors, repeats, redundant } = caused
      const sent = rumors + repeats
      const share = sent === 0 ? '' : `, ${formatShare(redundant / sent)}`
      return {
        value: plural(redundant, 'redundant rumor'),
        words: `of ${formatCount(sent)} that were sent${share}`,
        amount: redundant,
      }
    }
    case 'lost':
      return counted('datagramsLostAtGate', 'lost on a link, or dropped by hand')
    case 'rejected':
      return counted('datagramsRejected', 'rejected by their receivers')
    case 'copies-lost':
      return copiesLost(before, lab)
    case 'forged':
      return forged(before, lab)
    case 'memory': {
      const bytes = Math.max(0, ...lab.nodes.map(({ counters }) => counters?.memoryBytes ?? 0))
      return { value: formatBytes(bytes), words: 'of memory in the largest node', amount: bytes }
    }
  }
}

/** The newest one with this text. */
const messageOf = (text: string, { messages }: LabState) => messages.findLast((message) => message.text === text)

function timeOf(text: string, lab: LabState): Measured {
  const message = messageOf(text, lab)
  const time = message ? timeToAll(message, lab.nodes) : null
  if (!message || time === null) return { value: 'not on all nodes', words: `${quoted(text)}, so far`, amount: null }
  const links = linksToFarthest(message, lab)
  const delay = lab.settings?.linkDelayMs ?? 0
  const best = delay === 0 ? '' : `; the delay of ${plural(links, 'link')} is ${formatMs(links * delay)}`
  return { value: formatMs(time), words: `until all had ${quoted(text)}${best}`, amount: time }
}

function costOf(text: string, lab: LabState): Measured {
  const message = messageOf(text, lab)
  if (!message) return { value: 'nothing', words: `was sent for ${quoted(text)}`, amount: 0 }
  if (message.traffic === null) return untold(`what ${quoted(text)} caused`)
  // Shares of an acknowledgement: as exact as on screen, here and beside the message.
  const amount = Math.round(10 * datagramsOf(message.traffic)) / 10
  return { value: plural(amount, 'datagram'), amount, words: `${trafficWords(message.traffic)} for ${quoted(text)}` }
}

function tookOf(text: string, before: LabState, lab: LabState): Measured {
  const message = messageOf(text, lab)
  const began = lab.commands.find(({ n }) => n > before.last)?.at ?? before.at
  if (!message || timeToAll(message, lab.nodes) === null)
    return { value: 'not on all nodes', words: `${quoted(text)}, so far`, amount: null }
  const last = Math.max(...Object.values(message.copies).map(({ at }) => at))
  return { value: formatMs(last - began), words: `until the last node had ${quoted(text)}`, amount: last - began }
}

/**
 * Returns the number of links from a message's origin to the farthest running node, over open links and running nodes.
 */
function linksToFarthest({ copies }: MessageState, lab: LabState): number {
  const origin = lab.nodes.find(({ id }) => copies[id]?.from === null)?.id
  if (origin === undefined) return 0
  return farthest(linksFrom(origin, reachOf(lab)))
}

function holdersInWords(text: string, lab: LabState): Measured {
  const holders = holdersOf(lab, text)
  const running = lab.nodes.filter(({ status }) => status === 'running').length
  const message = messageOf(text, lab)
  const cutOff = message ? cutOffFrom(message, reachOf(lab), waitingAt(message, lab.nodes)) : []
  const cut = cutOff.length === 0 ? '' : `; cut off: ${nodeNames(cutOff)}`
  const words = `running nodes have ${quoted(text)}${cut}`
  return { value: `${holders.length} of ${running}`, words, amount: holders.length, nodes: holders }
}

function keptBackInWords(text: string, lab: LabState): Measured {
  const message = messageOf(text, lab)
  const nodes = message ? waitingAt(message, lab.nodes) : []
  const words = `received ${quoted(text)} and wait for an earlier message${nodes.length === 0 ? '' : `: ${nodeNames(nodes)}`}`
  return { value: plural(nodes.length, 'node'), words, amount: nodes.length, nodes }
}

function rumorsOf(text: string, lab: LabState): Measured {
  const { traffic = null } = messageOf(text, lab) ?? {}
  if (!traffic) return untold(`how many rumors carried ${quoted(text)}`)
  const amount = traffic.rumors + traffic.repeats
  return { value: plural(amount, 'rumor'), words: `carried ${quoted(text)}`, amount }
}

const untold = (about: string): Measured => ({
  value: 'not known',
  words: `${about}: not every datagram was reported`,
  amount: null,
})

/**
 * Returns the datagrams that all messages have caused since then, by their own trails; null if a trail has a gap since.
 */
function causedSince(before: LabState, { messages }: LabState): Traffic | null {
  let sum = NO_TRAFFIC
  for (const { origin, seq, at, traffic } of messages) {
    // A younger message is a different one, though a message of the previous network may have had its name.
    const then = at > before.at ? undefined : before.messages[before.places[origin]?.[seq] ?? -1]
    if (traffic === null && then?.traffic === null) continue
    if (traffic === null) return null
    sum = plus(sum, traffic, then?.traffic ?? NO_TRAFFIC)
  }
  return sum
}

const plus = (sum: Traffic, now: Traffic, then: Traffic): Traffic => ({
  rumors: sum.rumors + now.rumors - then.rumors,
  repeats: sum.repeats + now.repeats - then.repeats,
  acks: sum.acks + now.acks - then.acks,
  redundant: sum.redundant + now.redundant - then.redundant,
})

function caughtUp(node: NodeState | undefined, { messages }: LabState): Measured {
  const { startedAt, id } = node ?? { startedAt: null, id: 0 }
  const times = messages.flatMap(({ copies }) =>
    copies[id]?.lostAt === null ? [copies[id].at - (startedAt ?? 0)] : [],
  )
  if (startedAt === null || times.length === 0)
    return { value: 'nothing', words: `came to ${nodeName(id)}`, amount: null }
  const amount = Math.max(0, ...times)
  return {
    value: formatMs(amount),
    amount,
    words: `from its start until ${nodeName(id)} had all ${plural(times.length, 'message')}`,
  }
}

function copiesLost(before: LabState, { messages }: LabState): Measured {
  const lost = messages
    .flatMap(({ copies }) => Object.values(copies))
    .filter(({ lostAt }) => lostAt !== null && lostAt > before.at).length
  return { value: plural(lost, 'copy', 'copies'), words: 'lost with a crash', amount: lost }
}

/**
 * Returns whether a message is absent at its alleged origin, though that node is in the same life: it never sent it.
 */
function forged(before: LabState, { messages, nodes }: LabState): Measured {
  const made = messages.filter(({ origin, at, copies }) => {
    const node = nodes.find(({ port }) => port === portOf(origin))
    const isItsLife = node?.status === 'running' && node.generation === generationOf(origin)
    return isItsLife && at > before.at && copies[node.id] === undefined
  })
  const believers = nodes.filter(({ id }) => made.some(({ copies }) => copies[id]?.lostAt === null)).map(({ id }) => id)
  const who = believers.length === 0 ? 'nobody' : nodeNames(believers)
  return {
    value: plural(made.length, 'forged message'),
    words: `stored by ${who}`,
    amount: made.length,
    nodes: believers,
  }
}

/** Returns sums of counters since then; a node that has begun another life since counts from its start. */
function sinceThen(name: CounterName, before: LabState, { nodes }: LabState): number {
  return nodes.reduce((total, { id, generation, startedAt, counters }) => {
    const then = before.nodes[id]
    const isSameLife = then?.generation === generation && then.startedAt === startedAt
    return total + (counters?.[name] ?? 0) - (isSameLife ? (then.counters?.[name] ?? 0) : 0)
  }, 0)
}
