/**
 * The port between a lab and its nodes: processes of this machine, a simulation, foreign programs, or any of these on
 * another machine. A host starts nodes and reports their activity; the lab orders, numbers and decides.
 */
import type { Settings } from '../gossip/settings.ts'
import type { NodeSignal } from '../language/command.ts'
import type { Release } from '../language/command-faults.ts'
import type { End, NodeReport } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { NodeFaults } from '../node/node-faults.ts'
import type { NodeMemory } from '../node/node-memory.ts'
import type { Abilities } from './abilities.ts'

export interface NodeHost {
  /** Maximum number of nodes in a network, at most `MAX_NODES`. */
  readonly mostNodes: number
  /** Starts a node on free ports. The handle and `onEnd` report every failure. */
  start(start: NodeStart, events: NodeEvents): NodeHandle
  /** Returns why there can be no network with these settings; undefined when there can. Missing when all can be. */
  whyNot?(settings: LabSettings): string | undefined
  /** Returns the abilities of a node that does not run. Missing when they are known only once it runs. */
  abilitiesOf?(id: number): Abilities | undefined
  /** A new network begins, before any of its nodes starts. */
  begin?(): void
  /** Resolves with why ports cannot be used, and what to do; undefined when all can. `own` count as free. */
  whyTaken(ports: NetworkPorts, own: OwnPorts): Promise<string | undefined>
  /** @throws (rejects) with the reason why a node cannot use these ports. */
  requireFree(tcp: number, udp: number): Promise<void>
  readonly sockets: UdpSockets
  /**
   * Calls back at the end of the present instant. Present if every report arrives in the instant of its fact, by the
   * clock of the lab: then the lab numbers events at once.
   */
  afterInstant?(call: () => void): void
}

/** Everything that a node must know when it starts. */
export interface NodeStart {
  readonly id: number
  /** Number of nodes in the network. */
  readonly n: number
  /** Number that the start command named: the last argument but one of a program of others. */
  readonly namedN?: number
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
  /** Key that all nodes share; missing for the report's plain datagrams. */
  readonly key?: string
  /** Set if the node goes on from there, at once. Only simulated nodes can. */
  readonly memory?: NodeMemory
}

export interface NodeEvents {
  /** The consumer calls `done` when it has taken the reports; a host that reports faster must report less. */
  onReports(reports: readonly NodeReport[], clock: ClockMap, done: () => void): void
  /** The node no longer responds, or responds again; and what suspends its process, where that is known. */
  onAnswering(answers: boolean, suspended?: 'signal' | 'debugger'): void
  /** The last lines of a running program's output have changed. */
  onOutput(lines: readonly string[]): void
  /** The file of a program has changed, so that the node runs an older build. */
  onOutdated?(): void
  /** The machine is too busy for a program, or no longer. */
  onOverloaded?(overloaded: boolean): void
  /**
   * `why` says what the lab cannot do with the program of a node; null when it can again. `about` is `tcp` when the
   * program does not serve its TCP port, although nothing has stopped it.
   */
  onTrouble(why: string | null, about?: 'tcp'): void
  /** Called once, after the last report, with the last lines of its stderr. */
  onEnd(end: End, stderr: readonly string[]): void
}

/** The offset of a node's clock from the lab's. */
export interface ClockMap {
  /** Added to a time of the node to get a time of the lab's machine, in ms. */
  readonly offsetMs: number
  /** Uncertainty of the offset, in ms. */
  readonly uncertaintyMs: number
}

/** The offset for a node on the lab's own machine, which shares its clock. */
export const SAME_CLOCK: ClockMap = { offsetMs: 0, uncertaintyMs: 0 }

export interface NodeHandle {
  readonly can: Abilities
  /** Process id of the operating system; null without a process. */
  readonly pid: number | null
  /** Name of the node's machine, unless it is the lab's own. */
  readonly host?: string
  /** TCP ports that it listens on. */
  readonly tcp: readonly number[]
  /** Resolves when it listens; rejects with the reason why it never will. */
  readonly ready: Promise<void>
  /** Resolves when it is gone and all its reports have been taken. */
  readonly ended: Promise<End>
  /** Returns the time after an instant of the lab's machine for which it has responded without a pause, in ms. */
  responsiveFor(at: number): number
  /** These reject with a NodeEnded, or the node's own reason. */
  msg(messageId: string, text: string): Promise<void>
  chatLog(): Promise<string>
  listen(port: number): Promise<void>
  unlisten(port: number): Promise<void>
  release(ticket: number, how: Release): Promise<void>
  configure(changes: Pick<NodeStart, 'neighbours' | 'settings' | 'linkDelayMs'>): void
  /**
   * Resolve with true when the change is in force or the node has ended; with false when it takes effect once the node
   * continues.
   */
  fail(faults: NodeFaults): Promise<boolean>
  shareKey(key: string | undefined): Promise<boolean>
  /** Sends its process a signal. Resolves when the signal has taken effect. Missing for a node without a process. */
  signal?(signal: NodeSignal): Promise<void>
  /** Notifies the node that a neighbour has come up and listens. */
  neighbourUp(port: number, generation: number): void
  /** Ends the node, whatever it does. */
  stop(): Promise<End>
  /** Runs the crash command, at once or after the node has forwarded messages in flight, for so many ms at most. */
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

/** Ports of the running nodes. The next network may use them, so they count as free. */
export interface OwnPorts {
  readonly tcp: ReadonlySet<number>
  readonly udp: ReadonlySet<number>
}

/** Knowledge of the system about the sockets on a UDP port of a node. */
export interface UdpSockets {
  /** Resolves with the socket on a port; undefined when there is none, or the system does not list it. */
  at(port: number): Promise<UdpSocket | undefined>
  /** Resolves with whether any program has a port. */
  isTaken(port: number): Promise<boolean>
}

export interface UdpSocket {
  /** Identifies this socket: another one on the same port has a different value. */
  readonly inode: string
  /** Number of datagrams that the system discarded, since the socket was opened, because its queue was full. */
  readonly drops: number
}
