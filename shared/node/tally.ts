import type { Datagram } from '../gossip/wire.ts'
import { type Counters, NO_COUNTS } from '../model/counters.ts'
import type { AnyContent } from '../model/event.ts'

type Sums = { -readonly [Key in keyof Omit<Counters, 'memoryBytes'>]: number }

/** Counts a node's activity: exact, whatever the reports leave out. */
export class Tally {
  readonly sums: Sums = { ...NO_COUNTS }

  countSent(kind: AnyContent['kind'], bytes: number) {
    if (kind !== 'malformed') this.sums[kind === 'rumor' ? 'rumorsSent' : 'statusesSent'] += 1
    this.sums.bytesSent += bytes
  }

  countReceived(kind: Datagram['kind'], bytes: number) {
    this.sums[kind === 'rumor' ? 'rumorsReceived' : 'statusesReceived'] += 1
    this.sums.bytesReceived += bytes
  }

  /** Spreads details without a datagram at both ends over the samples. */
  get samplingKey(): number {
    const { statusesReceived, datagramsRefused, datagramsRejected } = this.sums
    return statusesReceived + datagramsRefused + datagramsRejected
  }

  read(memoryBytes: number): Counters {
    return { ...this.sums, memoryBytes }
  }
}
