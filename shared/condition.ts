/** Whether a condition of a scenario is true of a lab, and in words what there is instead. */
import { type LabState, linkOf, type NodeState } from './lab-state.ts'
import { nodeName, nodeNames } from './names.ts'
import { partsOf } from './reach.ts'
import type { ChatLogCondition, StateCondition } from './scenario.ts'
import { neighboursOf } from './topology.ts'

/** What is there instead; undefined when the condition is true. */
export function whatElse(lab: LabState, condition: StateCondition): string | undefined {
  switch (condition.kind) {
    case 'agreed':
      return disagreement(lab)
    case 'running':
    case 'crashed': {
      const status = lab.nodes[condition.id]?.status ?? 'no such node'
      return status === condition.kind ? undefined : `${nodeName(condition.id)}: ${status}`
    }
    case 'held': {
      const { id } = condition
      const count = lab.nodes[id]?.held ?? 0
      return fits(condition, count) ? undefined : `${nodeName(id)} holds ${count}`
    }
    case 'copies': {
      const ids = holdersOf(lab, condition.text)
      if (fits(condition, ids.length)) return undefined
      const who = ids.length === 1 ? `${nodeNames(ids)} alone holds` : `${nodeNames(ids)} hold`
      return `${ids.length === 0 ? 'no running node holds' : who} ${condition.text}`
    }
    case 'waiting': {
      const { rootId } = lab.settings ?? { rootId: 0 }
      const ways = Object.values(lab.held).map(({ from, to }) => `${from - rootId}>${to - rootId}`)
      const count = ways.filter((way) => condition.way === null || way === condition.way).length
      return fits(condition, count) ? undefined : `${count} wait${condition.way === null ? '' : ` on ${condition.way}`}`
    }
  }
}

/** The running nodes that hold a message with this text. */
export function holdersOf({ messages, nodes }: Pick<LabState, 'messages' | 'nodes'>, text: string): number[] {
  const copies = messages.filter((message) => message.text === text).map((message) => message.copies)
  return nodes
    .filter(({ id, status }) => status === 'running' && copies.some((held) => held[id]?.lostAt === null))
    .map(({ id }) => id)
}

function fits({ is, count }: { is: '=' | '>=' | '<='; count: number }, value: number): boolean {
  if (is === '=') return value === count
  return is === '>=' ? value >= count : value <= count
}

/** Two nodes that can reach each other and do not hold the same; undefined when there are none. */
function disagreement(lab: LabState): string | undefined {
  const { settings, nodes } = lab
  if (!settings) return 'there is no network'
  const starting = nodes.find(({ status }) => status === 'starting')
  if (starting) return `${nodeName(starting.id)} is starting`
  const open = neighboursOf(settings.topology, settings.n, settings.seed).map((ids, id) =>
    ids.filter((neighbour) => !linkOf(lab, id, neighbour).cut && !linkOf(lab, neighbour, id).cut),
  )
  const parts = partsOf(
    open,
    nodes.map(({ status }) => status === 'running'),
  )
  for (const node of nodes) {
    const first = nodes[parts[node.id] ?? -1]
    if (!first || sameVector(first, node)) continue
    return `${nodeName(first.id)} holds ${first.held} and ${nodeName(node.id)} holds ${node.held}, not the same`
  }
  return undefined
}

const sameVector = (a: NodeState, b: NodeState): boolean =>
  a.held === b.held && Object.entries(a.vector).every(([origin, low]) => b.vector[Number(origin)] === low)

/** What is in a chat log instead; undefined when it is as it should be. */
export function whatElseInChatLog(line: string, { match, text }: ChatLogCondition): string | undefined {
  const has = line.split(',').includes(text)
  const isTrue = match === 'is' ? line === text : has === (match === 'contains')
  return isTrue ? undefined : `chatLog ${line}`
}
