/** Checks a condition of a scenario against a lab, and puts the actual state into words. */
import { disagreement } from '../model/agreement.ts'
import { holds, type LabState } from '../model/lab-state.ts'
import { nodeName, nodeNames } from '../model/names.ts'
import { plural } from '../text/format.ts'
import type { ChatLogCondition, StateCondition } from './scenario.ts'

/** Returns the actual state in words, or undefined when the condition is true. */
export function explainMismatch(lab: LabState, condition: StateCondition): string | undefined {
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
      const count = lab.nodes[id]?.messages ?? 0
      return fits(condition, count) ? undefined : `${nodeName(id)} has ${plural(count, 'message')}`
    }
    case 'copies': {
      const ids = holdersOf(lab, condition.text)
      if (fits(condition, ids.length)) return undefined
      const who = ids.length === 1 ? `only ${nodeNames(ids)} has` : `${nodeNames(ids)} have`
      return `${ids.length === 0 ? 'no running node has' : who} ${condition.text}`
    }
    case 'waiting': {
      const { rootId } = lab.settings ?? { rootId: 0 }
      const ways = Object.values(lab.held).map(({ from, to }) => `${from - rootId}>${to - rootId}`)
      const count = ways.filter((way) => condition.way === null || way === condition.way).length
      return fits(condition, count)
        ? undefined
        : `${count === 1 ? '1 datagram is' : `${count} datagrams are`} held${condition.way === null ? '' : ` on ${condition.way}`}`
    }
  }
}

/** Returns the running nodes that have a message with this text. */
export function holdersOf({ messages, nodes }: Pick<LabState, 'messages' | 'nodes'>, text: string): number[] {
  const alike = messages.filter((message) => message.text === text)
  return nodes
    .filter(({ id, status }) => status === 'running' && alike.some((message) => holds(message, id)))
    .map(({ id }) => id)
}

function fits({ is, count }: { is: '=' | '>=' | '<='; count: number }, value: number): boolean {
  if (is === '=') return value === count
  return is === '>=' ? value >= count : value <= count
}

/** Returns the difference of a chat log in words, or undefined when it is as expected. */
export function explainChatLogMismatch(line: string, { match, text }: ChatLogCondition): string | undefined {
  const has = line.split(',').includes(text)
  const isTrue = match === 'is' ? line === text : has === (match === 'contains')
  return isTrue ? undefined : `chatLog ${line}`
}
