import type { AnyContent, Counters } from '../../shared/event.ts'
import type { Datagram } from '../../shared/gossip/wire.ts'

type Sums = { -readonly [Key in keyof Omit<Counters, 'memoryBytes'>]: number }

/** A node's counters: exact, whatever the reports leave out. */
export class Tally {
  readonly sums: Sums = {
    rumorsSent: 0,
    rumorsReceived: 0,
    rumorsRedundant: 0,
    statusesSent: 0,
    statusesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    datagramsDropped: 0,
    datagramsOverLimit: 0,
    datagramsUnkeyed: 0,
    datagramsForged: 0,
    datagramsReplayed: 0,
    datagramsRefused: 0,
    answersWithheld: 0,
    datagramsLostAtGate: 0,
    linesRead: 0,
    linesRefused: 0,
  }

  countSent(kind: AnyContent['kind'], bytes: number) {
    if (kind !== 'malformed') this.sums[kind === 'rumor' ? 'rumorsSent' : 'statusesSent'] += 1
    this.sums.bytesSent += bytes
  }

  countReceived(kind: Datagram['kind'], bytes: number) {
    this.sums[kind === 'rumor' ? 'rumorsReceived' : 'statusesReceived'] += 1
    this.sums.bytesReceived += bytes
  }

  /** For details that are about no datagram at both ends: by it they are spread over the samples. */
  get unusable(): number {
    const { statusesReceived, datagramsRefused, datagramsDropped } = this.sums
    return statusesReceived + datagramsRefused + datagramsDropped
  }

  read(): Counters {
    return { ...this.sums, memoryBytes: process.memoryUsage.rss() }
  }
}
