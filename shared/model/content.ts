import type { Origin } from '../gossip/origin.ts'
import type { AnyContent } from './event.ts'

export interface MessageId {
  readonly origin: Origin
  readonly seq: number
}

/** Returns the messages that a datagram carries: none, one, or in a batch several. */
export function messagesIn(content: AnyContent): readonly MessageId[] {
  if (content.kind !== 'rumor') return NONE
  return content.more ? [content, ...content.more.map(([origin, seq]) => ({ origin, seq }))] : [content]
}

/** ` and 4 more`, or nothing: follows the name of a datagram's first message. */
export const andMore = (content: AnyContent): string =>
  content.kind === 'rumor' && content.more ? ` and ${content.more.length} more` : ''

const NONE: readonly MessageId[] = []
