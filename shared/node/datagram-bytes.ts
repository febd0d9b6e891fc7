import { bytesOf } from '../gossip/text.ts'
import { type Datagram, encodeDatagram } from '../gossip/wire.ts'

/** Returns the bytes of a datagram. `encode` may be a faster encoder, which would lose bytes that are not UTF-8. */
export function datagramBytes(datagram: Datagram, encode: (text: string) => Uint8Array = bytesOf): Uint8Array {
  const text = encodeDatagram(datagram)
  return text.isWellFormed() ? encode(text) : bytesOf(text)
}

/** Returns the first bytes of a datagram as characters of Latin-1, to show an invalid one. */
export const previewOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, PREVIEW_BYTES))

const PREVIEW_BYTES = 60
