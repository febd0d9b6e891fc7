import { bytesOf } from '../../shared/gossip/text.ts'
import { type Datagram, encodeDatagram } from '../../shared/gossip/wire.ts'

/** Returns the bytes of a datagram. `Buffer.from` takes a third of the time, but loses bytes that are not UTF-8. */
export function datagramBytes(datagram: Datagram): Uint8Array {
  const text = encodeDatagram(datagram)
  return text.isWellFormed() ? Buffer.from(text) : bytesOf(text)
}
