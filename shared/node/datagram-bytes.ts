import { bytesOf } from '../gossip/text.ts'
import { type Datagram, encodeDatagram } from '../gossip/wire.ts'

/** Returns the bytes of a datagram. `encode` may be the faster one, and loses bytes that are not UTF-8. */
export function datagramBytes(datagram: Datagram, encode: (text: string) => Uint8Array = bytesOf): Uint8Array {
  const text = encodeDatagram(datagram)
  return text.isWellFormed() ? encode(text) : bytesOf(text)
}

/** Returns the first bytes of a datagram as characters of Latin-1, for whoever wants to see what cannot be read. */
export const previewOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, PREVIEW_BYTES))

const PREVIEW_BYTES = 60
