/** Remembers, for one node, which neighbour's datagram brought each message first. */
import { messageKey } from '../../../shared/gossip/origin.ts'
import { messagesIn } from '../../../shared/model/content.ts'
import type { AnyContent } from '../../../shared/model/event.ts'
import type { MessageName } from './message-names.ts'

/** Most messages that are remembered; no further ones are. */
const MOST_MESSAGES = 10_000

export class Bringers {
  readonly #byMessage = new Map<string, number>()

  /** A datagram with this content from this UDP port has reached the node. */
  note(content: AnyContent, from: number) {
    for (const { origin, seq } of carriedBy(content)) {
      const key = messageKey(origin, seq)
      if (!this.#byMessage.has(key) && this.#byMessage.size < MOST_MESSAGES) this.#byMessage.set(key, from)
    }
  }

  /** Returns the UDP port of the sender; undefined when no datagram was seen to bring the message. */
  of({ origin, seq }: MessageName): number | undefined {
    return this.#byMessage.get(messageKey(origin, seq))
  }
}

function carriedBy(content: AnyContent): readonly MessageName[] {
  if (content.kind === 'undecoded') return content.carries.map(([origin, seq]) => ({ origin, seq }))
  return messagesIn(content)
}
