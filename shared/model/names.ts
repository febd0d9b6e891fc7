/** Names nodes, messages and held datagrams, always with the word for their kind: `node 1`, `message 1.0`, `#3`. */
import { generationOf, type Origin, portOf } from '../gossip/origin.ts'
import type { MessageId } from './content.ts'
import type { LabState } from './lab-state.ts'

type Lab = Pick<LabState, 'settings' | 'nodes'>

export const nodeName = (id: number): string => `node ${id}`

/** `node 1`, `nodes 1 and 2`, `nodes 1, 2 and 5`. */
export function nodeNames(ids: readonly number[]): string {
  const [first, ...rest] = ids
  if (first === undefined) return 'no node'
  return rest.length === 0 ? nodeName(first) : `nodes ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`
}

/** Port of a sender that nobody saw. No socket has it. */
export const UNKNOWN_PORT = 0

/** Names the node of the lab that has this UDP port; a stranger is named by its port. */
export function portName(port: number, { settings, nodes }: Lab): string {
  if (port === UNKNOWN_PORT) return 'an unknown sender'
  const id = port - (settings?.rootId ?? 0)
  return nodes[id] ? nodeName(id) : `port ${port}`
}

/** `message 0.2` is the third one of node 0, `message 0+1.0` the first after its restart; a stranger's has its port. */
export const messageName = (message: MessageId, lab: Lab): string =>
  message.origin === UNKNOWN_PORT ? 'message not from the lab' : `message ${messageNumber(message, lab)}`

/**
 * Names the messages of one origin from `from` up to but not including `to`: `messages 0.1 and 0.2`, `messages 0.1 to
 * 0.4`.
 */
export function messageNames(origin: Origin, from: number, to: number, lab: Lab): string {
  const first = { origin, seq: from }
  if (to - from === 1) return messageName(first, lab)
  const last = messageNumber({ origin, seq: to - 1 }, lab)
  return `messages ${messageNumber(first, lab)} ${to - from === 2 ? 'and' : 'to'} ${last}`
}

/** `message 0.2`, `messages 0.2 and 1.0`, `messages 0.2, 0.3, 0.4, 1.0 and 3 more`. */
export function messageList(messages: readonly MessageId[], lab: Lab): string {
  const numbers = messages.slice(0, MOST_LISTED).map((message) => messageNumber(message, lab))
  if (messages.length > MOST_LISTED) numbers.push(`${messages.length - MOST_LISTED} more`)
  const last = numbers.length > 1 ? ` and ${numbers.pop()}` : ''
  return `${messages.length === 1 ? 'message' : 'messages'} ${numbers.join(', ')}${last}`
}

const MOST_LISTED = 6

/** Names the datagram that `deliver 3` delivers, for example. */
export const heldName = (number: number): string => `#${number}`

function messageNumber({ origin, seq }: MessageId, { settings, nodes }: Lab): string {
  const [port, generation] = [portOf(origin), generationOf(origin)]
  const id = port - (settings?.rootId ?? 0)
  return `${nodes[id] ? id : `:${port}`}${generation === 0 ? '' : `+${generation}`}.${seq}`
}
