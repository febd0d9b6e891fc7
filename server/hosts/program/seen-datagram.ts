/** Writes the lab's reports of a datagram that passed its gate. */
import { crc32 } from 'node:zlib'
import type { AnyContent, Content } from '../../../shared/model/event.ts'
import { hashOf } from '../../../shared/node/reporter.ts'
import type { SeenDatagram } from './gate-process.ts'

/** Number of bytes of a datagram that are reported. */
const HEAD_BYTES = 256

/** Returns what an event says of a datagram beside its content. */
export const sizeOf = ({ bytes }: SeenDatagram) => ({
  bytes: bytes.length,
  head: Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('base64'),
})

/** Identifies a datagram as the reports of our own nodes do. */
export const wireHash = (bytes: Uint8Array): number => hashOf(bytes, { checksum: crc32 })

/** Whether it is known what the datagram says. */
export const isReadable = (content: AnyContent | undefined): content is Content =>
  content?.kind === 'rumor' || content?.kind === 'status'
