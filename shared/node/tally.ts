import { type Datagram, rumorCount } from '../gossip/wire.ts'
import { type Counters, NO_COUNTS } from '../model/counters.ts'
import type { AnyContent } from '../model/event.ts'

type Sums = { -readonly [Key in keyof Omit<Counters, 'memoryBytes'>]: number }

/** Counts a node's activity: exact, whatever the reports leave out. */
export class Tally {
  readonly sums: Sums

  /** `counted` is what was counted before. */
  constructor(counted: Counters | null = null) {
    const { memoryBytes: _, ...sums } = counted ?? { ...NO_COUNTS, memoryBytes: 0 }
    this.sums = sums
  }

  countSent(content: AnyContent, bytes: number) {
    if (content.kind === 'status') this.sums.statusesSent += 1
    if (content.kind === 'rumor') {
      const alongside = content.more?.length ?? 0
      this.sums.rumorsSent += 1 + alongside
      this.sums.rumorsAlongside += alongside
    }
    this.sums.bytesSent += bytes
  }

  countReceived(datagram: Datagram, bytes: number) {
    if (datagram.kind === 'status') this.sums.statusesReceived += 1
    else this.sums.rumorsReceived += rumorCount(datagram)
    this.sums.bytesReceived += bytes
  }

  /** Spreads details without a datagram at both ends over the samples. */
  get samplingKey(): number {
    const { statusesReceived, datagramsRefused, datagramsRejected } = this.sums
    return statusesReceived + datagramsRefused + datagramsRejected
  }

  /** Number of lines and datagrams that have come in. */
  get inputs(): number {
    const { linesRead, rumorsReceived, statusesReceived, datagramsRejected } = this.sums
    return linesRead + rumorsReceived + statusesReceived + datagramsRejected
  }

  read(memoryBytes: number): Counters {
    return { ...this.sums, memoryBytes }
  }
}
