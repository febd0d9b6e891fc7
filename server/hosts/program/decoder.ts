/** Reads the datagrams of programs that speak the text of the report. */
import { longestStatus, MAX_DATAGRAM_BYTES } from '../../../shared/gossip/limits.ts'
import { portOf } from '../../../shared/gossip/origin.ts'
import { decodeText } from '../../../shared/gossip/text.ts'
import { parseDatagram, type Rumor } from '../../../shared/gossip/wire.ts'
import type { AnyContent } from '../../../shared/model/event.ts'
import { contentOf } from '../../../shared/node/behaviours/trick.ts'
import { previewOf } from '../../../shared/node/datagram-bytes.ts'
import type { MessageName, MessageNames } from './message-names.ts'

export interface Decoded {
  readonly content: AnyContent
  /** The port that the datagram names as its sender's; missing when it is not in the report's text. */
  readonly sender?: number
}

export function decode(bytes: Uint8Array, names: MessageNames): Decoded {
  const datagram = parseDatagram(bytes, longestStatus(MAX_DATAGRAM_BYTES))
  if (datagram.kind === 'malformed') return { content: { kind: 'malformed', preview: previewOf(bytes) } }
  const { sender } = datagram
  if (datagram.kind !== 'rumor') return { content: contentOf(datagram), sender }
  const { origin, seq } = datagram
  const name = nameOf(datagram, names)
  const isNamedSo = name.origin === origin && name.seq === seq
  return { content: { kind: 'rumor', ...name, ...(isNamedSo ? {} : { own: [origin, seq] }) }, sender }
}

/** The program's own numbers may begin again after a crash, so the text decides which message a rumor carries. */
function nameOf({ origin, seq, text }: Rumor, names: MessageNames): MessageName {
  const known = names.of(decodeText(text))
  const own = known.filter((name) => portOf(name.origin) === portOf(origin))
  return own.find((name) => name.seq === seq) ?? own[0] ?? known[0] ?? { origin, seq }
}
