/**
 * Reads the datagrams of programs: with the decoder of the user, if there is one, and otherwise as the text of the
 * report.
 */
import { longestStatus, MAX_DATAGRAM_BYTES } from '../../../shared/gossip/limits.ts'
import { portOf } from '../../../shared/gossip/origin.ts'
import { decodeText } from '../../../shared/gossip/text.ts'
import { parseDatagram } from '../../../shared/gossip/wire.ts'
import type { AnyContent } from '../../../shared/model/event.ts'
import { contentOf } from '../../../shared/node/behaviours/trick.ts'
import { previewOf } from '../../../shared/node/datagram-bytes.ts'
import type { MessageName, MessageNames } from './message-names.ts'
import { type FromWire, type WireDecoder, WireFormat } from './wire-format.ts'

export interface Decoded {
  readonly content: AnyContent
  /** The port that the datagram names as its sender's; missing when it names none. */
  readonly sender?: number
}

export interface DecoderOptions {
  readonly names: MessageNames
  /** UDP port of node 0. */
  readonly rootId: number
  /** The decoder of the user. */
  readonly wire?: WireDecoder
}

/** Matches the beginning of a datagram in the report's text, as Latin-1. */
const TEXT = /^(?:rumors?|status):(?:(\d{1,5}):)?/

export class Decoder {
  readonly #names: MessageNames
  readonly #wire: WireFormat | undefined

  constructor({ names, rootId, wire }: DecoderOptions) {
    this.#names = names
    this.#wire = wire && new WireFormat(wire, rootId)
  }

  /** Never throws. Calls `onFault` with words for a fault of the user's decoder, once for each kind. */
  decode(bytes: Uint8Array, onFault: (words: string) => void): Decoded {
    const read = this.#wire?.read(bytes, onFault)
    return read ? this.#name(bytes, read) : this.#readText(bytes)
  }

  #name(bytes: Uint8Array, read: FromWire): Decoded {
    const sender = read.sender === undefined ? {} : { sender: read.sender }
    switch (read.kind) {
      case 'rumor':
        return { content: this.#rumor(read, read.text), ...sender }
      case 'status':
        return { content: { kind: 'status', pairs: read.pairs }, ...sender }
      case 'malformed':
        return { content: { kind: 'malformed', preview: previewOf(bytes), why: read.why }, ...sender }
    }
  }

  #readText(bytes: Uint8Array): Decoded {
    const datagram = parseDatagram(bytes, longestStatus(MAX_DATAGRAM_BYTES))
    if (datagram.kind === 'malformed') return this.#otherThanText(bytes, datagram.why)
    const { sender } = datagram
    if (datagram.kind !== 'rumor') return { content: contentOf(datagram), sender }
    return { content: this.#rumor(datagram, decodeText(datagram.text)), sender }
  }

  /** A datagram that begins as the report's does is a faulty one; any other is in a format of its own. */
  #otherThanText(bytes: Uint8Array, why: string): Decoded {
    const preview = previewOf(bytes)
    const [isText, port] = TEXT.exec(preview) ?? []
    if (isText === undefined) {
      const carries = this.#names.within(Buffer.from(bytes)).map(({ origin, seq }) => [origin, seq] as const)
      return { content: { kind: 'undecoded', carries } }
    }
    const content = { kind: 'malformed', preview, why } as const
    return port === undefined ? { content } : { content, sender: Number(port) }
  }

  /** The program's own numbers may begin again after a crash, so the text decides which message a rumor carries. */
  #rumor({ origin, seq }: MessageName, text: string): AnyContent {
    const known = this.#names.of(text)
    const own = known.filter((name) => portOf(name.origin) === portOf(origin))
    const name = own.find((one) => one.seq === seq) ?? own[0] ?? known[0] ?? { origin, seq }
    const isNamedSo = name.origin === origin && name.seq === seq
    return { kind: 'rumor', ...name, ...(isNamedSo ? {} : { own: [origin, seq] }) }
  }
}
