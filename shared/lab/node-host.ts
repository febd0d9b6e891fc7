/**
 * The port between a lab and what its nodes are: processes of this machine, a simulation, programs of somebody else's,
 * or any of these on another machine. A host starts nodes and reports what they do; the lab orders, numbers and decides.
 */
import type { Settings } from '../gossip/settings.ts'
import type { Release } from '../language/command-faults.ts'
import type { End } from '../model/event.ts'
import type { NodeFaults } from '../node/node-faults.ts'
import type { ReportBatch } from '../node/report-batch.ts'
import type { Abilities } from './abilities.ts'

export interface NodeHost {
  /** Starts a node on ports that are free. Whatever goes wrong is told by the handle, and by `onEnd`. */
  start(start: NodeStart, events: NodeEvents): NodeHandle
  /** Resolves with why ports cannot be had, and what to do; undefined when all can. `own` count as free. */
  whyTaken(ports: NetworkPorts, own: OwnPorts): Promise<string | undefined>
  /** @throws (rejects) with why a node cannot have these ports. */
  requireFree(tcp: number, udp: number): Promise<void>
  readonly sockets: UdpSockets
}

/** All that a node must know when it starts. */
export interface NodeStart {
  readonly id: number
  /** UDP port of node 0. */
  readonly rootId: number
  readonly tcp: readonly number[]
  readonly generation: number
  readonly seed: number
  /** UDP ports. */
  readonly neighbours: readonly number[]
  readonly settings: Settings
  readonly linkDelayMs: number
  readonly faults: NodeFaults
  /** That all nodes share; none for datagrams as the report has them. */
  readonly key?: string
}

export interface NodeEvents {
  /** `done` is called when the batch has been taken: who reports faster than that is to report less. */
  onReports(batch: ReportBatch, clock: ClockMap, done: () => void): void
  /** It gives no sign of life any more, or does again. */
  onAnswering(answers: boolean): void
  /** Called once, after the last report, with the last lines of its stderr. */
  onEnd(end: End, stderr: readonly string[]): void
}

/** How a node's clock stands to the lab's. */
export interface ClockMap {
  /** What is added to a time of the node to have one of the lab's machine, in ms. */
  readonly offsetMs: number
  /** How wrong that may be, in ms. */
  readonly uncertaintyMs: number
}

/** A node that runs on the lab's own machine has its clock. */
export const SAME_CLOCK: ClockMap = { offsetMs: 0, uncertaintyMs: 0 }

export interface NodeHandle {
  readonly can: Abilities
  /** Of the operating system; null where there is no process. */
  readonly pid: number | null
  /** Names the machine that it runs on, where that is not the lab's own. */
  readonly host?: string
  /** The TCP ports that it listens on. */
  readonly tcp: readonly number[]
  /** Resolves when it listens; rejects with the reason why it never will. */
  readonly ready: Promise<void>
  /** Resolves when it is gone and everything it said has been heard. */
  readonly ended: Promise<End>
  /** For how long after an instant of the lab's machine it has given signs of life without a pause, in ms. */
  responsiveFor(at: number): number
  /** These reject with a NodeEnded, or the node's own reason. */
  msg(messageId: string, text: string): Promise<void>
  chatLog(): Promise<string>
  listen(port: number): Promise<void>
  unlisten(port: number): Promise<void>
  release(ticket: number, how: Release): Promise<void>
  configure(changes: Pick<NodeStart, 'neighbours' | 'settings' | 'linkDelayMs'>): void
  /** Resolve with true when it is in force or the node has ended; with false when it will be once the node goes on. */
  fail(faults: NodeFaults): Promise<boolean>
  shareKey(key: string | undefined): Promise<boolean>
  /** A neighbour has come up and listens. */
  neighbourUp(port: number, generation: number): void
  /** Ends it, whatever it does. */
  stop(): Promise<End>
  /** The crash command, at once or after it has passed on what is in flight, for so many ms at most. */
  crash(graceMs?: number): Promise<End>
}

/** The node ended before it answered. */
export class NodeEnded extends Error {}

/** TCP from `basePort`, UDP from `rootId`. */
export interface NetworkPorts {
  readonly n: number
  readonly basePort: number
  readonly rootId: number
}

/** The ports of the nodes that run now. The next network may have them, so they count as free. */
export interface OwnPorts {
  readonly tcp: ReadonlySet<number>
  readonly udp: ReadonlySet<number>
}

/** What the system knows of the sockets that take what is sent to a UDP port of a node. */
export interface UdpSockets {
  /** The socket on a port; undefined when there is none, or the system does not list it. */
  at(port: number): Promise<UdpSocket | undefined>
  /** Whether anybody takes what is sent to a port. */
  isTaken(port: number): Promise<boolean>
}

export interface UdpSocket {
  /** Names this socket: another one on the same port has another. */
  readonly inode: string
  /** Datagrams that the system discarded since the socket was opened because its queue was full. */
  readonly drops: number
}
