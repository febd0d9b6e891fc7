import type { AnyContent, EventOf } from '../model/event.ts'

/** A datagram that a node sends. */
export interface Outgoing {
  readonly to: number
  readonly why: EventOf<'sent'>['why']
  readonly bytes: Uint8Array
  readonly content: AnyContent
}
