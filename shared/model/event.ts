/**
 * The one event stream. Nodes report facts; the supervisor puts them in order of time, numbers them and adds the
 * facts of the lab. Page, recording and tests read the same stream, and `lab-state.ts` folds it into a state.
 */

import type { Fact, Why } from '../gossip/gossip.ts'
import type { Origin } from '../gossip/origin.ts'
import type { Pair } from '../gossip/wire.ts'
import type { Counters } from './counters.ts'
import type { Behaviour, Fate, LinkConditions, Mischief } from './fault.ts'
import type { LabSettings } from './lab-settings.ts'

/** What a datagram says; its text is in the `stored` event of the message. */
export type Content =
  | { readonly kind: 'rumor'; readonly origin: Origin; readonly seq: number }
  | { readonly kind: 'status'; readonly pairs: readonly Pair[] }

/** A node that misbehaves may also send what means nothing. */
export type AnyContent = Content | { readonly kind: 'malformed'; readonly preview: string }

/** A fact as a node sees it. `at` is in ms of the clock that all processes of a machine share. */
export type NodeReport = { readonly at: number } & NodeFact

/** Identity of a datagram outside the wire format: equal bytes from one port to another, first come first. */
interface Hashed {
  readonly hash: number
}

export type NodeFact =
  | Fact
  /** Its UDP socket takes datagrams. No event: the lab tells that the node runs. */
  | { readonly type: 'listening' }
  | ({ readonly type: 'sent'; readonly ticket?: number } & Sent & Hashed)
  | ({ readonly type: 'held'; readonly ticket: number; readonly copyOf?: number } & Leaving)
  | ({ readonly type: 'airborne'; readonly delayId: number } & Airborne & Hashed)
  | ({ readonly type: 'received'; readonly delayId?: number } & Received & Hashed)
  | ({ readonly type: 'dropped'; readonly delayId?: number } & Dropped & Partial<Hashed>)
  /** A line from a TCP client; becomes a `command` of the proxy. */
  | { readonly type: 'line'; readonly line: string }
  /** Crash was typed: it takes no further line, passes on what is in flight, and ends. */
  | { readonly type: 'ending' }
  | { readonly type: 'line-refused'; readonly line: string; readonly why: string }
  | { readonly type: 'counters'; readonly counters: Counters }
  /** One in `every` datagrams is reported from now on. */
  | { readonly type: 'sampling'; readonly every: number }

/** A datagram at its sender. */
interface Leaving {
  readonly to: number
  readonly why: Why | Mischief
  readonly bytes: number
  readonly content: AnyContent
}

interface Sent extends Leaving {
  /**
   * How long it will be in the air, in ms, beyond what the operating system takes. Where chance has a hand in it, the
   * receiver decides, and `airborne` tells.
   */
  readonly delayMs: number
  /** It did not get past the gate of its sender: it is never received, and no `lost` follows. */
  readonly fate?: Fate
  /** The link made a second one of it; this is that one. */
  readonly copy?: true
}

/** It has reached its receiver's end of the link and stays in the air for so long. */
interface Airborne {
  readonly from: number
  readonly delayMs: number
}

interface Dropped {
  readonly from: number
  readonly why: string
  readonly bytes: number
  readonly preview: string
}

interface Received {
  readonly from: number
  readonly bytes: number
  /** Given when the sender is no neighbour and so perhaps not one of the lab's nodes. */
  readonly content?: Content
}

/** How a node's process came to its end. */
export type End =
  /** The crash command. */
  | { readonly how: 'crashed' }
  /** Ended by the lab: exit, stopall, a new network. */
  | { readonly how: 'stopped' }
  /** Ended by a signal from outside. */
  | { readonly how: 'killed'; readonly signal: string }
  /** Ended by itself, or could not start. */
  | { readonly how: 'failed'; readonly why: string }

/**
 * Why a datagram is no longer on its way though nobody reported its arrival. Its receiver has ended and nobody else
 * listens on the port (`gone`), or did not listen yet (`early`). It did not arrive though the receiver runs and reports
 * everything: the system counted a drop at the receiver's socket (`overflow`), or nothing shows why (`unknown`). Nobody
 * can tell whether it arrived, because the receiver is not of this lab, reports only samples, or was killed before it
 * could report (`unreported`).
 */
export type LossReason = 'gone' | 'early' | 'overflow' | 'unknown' | 'unreported'

/** Who gave a command. */
export type Author = 'page' | 'console' | 'rest' | 'proxy' | 'scenario' | 'viewer'

/** What viewers may do: look on, or send messages too. */
export type ViewersMay = 'watch' | 'chat'

export type LabFact =
  | { readonly type: 'network'; readonly settings: LabSettings }
  /** A setting changed while the nodes run. */
  | { readonly type: 'settings'; readonly settings: LabSettings }
  | {
      readonly type: 'starting'
      readonly node: number
      readonly generation: number
      readonly pid: number
      readonly seed: number
    }
  | { readonly type: 'running'; readonly node: number; readonly tcp: readonly number[] }
  /** It runs, and gives no sign of life, as when it was stopped from outside; or it does again. */
  | { readonly type: 'answering'; readonly node: number; readonly answers: boolean }
  /** A program that is not of the lab has the UDP port of a node that does not run, or has it no more. */
  | { readonly type: 'stranger'; readonly node: number; readonly present: boolean }
  | { readonly type: 'ended'; readonly node: number; readonly end: End; readonly stderr: readonly string[] }
  | { readonly type: 'lost'; readonly arrow: number; readonly why: LossReason }
  /** Links that are different from now on; a healthy one is back to normal. See `changeLinks`. */
  | { readonly type: 'links'; readonly links: LinkConditions }
  /** How a node misbehaves from now on. */
  | { readonly type: 'behaves'; readonly node: number; readonly behaviours: readonly Behaviour[] }
  /** The timers of the protocol stand still, or run again, at every node. */
  | { readonly type: 'timers'; readonly held: boolean }
  | { readonly type: 'viewers'; readonly may: ViewersMay }
  /** The reason why the file that the lab is recorded to is not whole; null when it is again. */
  | { readonly type: 'recording'; readonly problem: string | null }
  | {
      readonly type: 'command'
      readonly by: Author
      /** What the viewer who gave it calls themselves. */
      readonly who?: string
      readonly line: string
      readonly output: readonly string[]
      readonly error?: string
    }

/** A node's fact as everybody gets it. */
export type NodeEvent = { readonly node: number } & (
  | Exclude<NodeFact, { type: 'listening' | 'sent' | 'held' | 'airborne' | 'received' | 'dropped' | 'line' }>
  /** `held` is the number under which it waited at the gate. */
  | ({ readonly type: 'sent'; readonly held?: number } & Sent)
  /**
   * It waits at its sender's gate under this number, which counts from 1 in each network. `copyOf` is the number of
   * the one that it was made from by hand. A `sent` with that number follows, unless its sender ends before.
   */
  | ({ readonly type: 'held'; readonly number: number; readonly ticket: number; readonly copyOf?: number } & Leaving)
  /** `arrow` is the number of the event that sent it; null where that is not known. */
  | ({ readonly type: 'airborne'; readonly arrow: number } & Airborne)
  | ({ readonly type: 'received'; readonly arrow: number | null } & Received)
  /** `arrow` is given where it was on its way here from a node of the lab. */
  | ({ readonly type: 'dropped'; readonly arrow?: number } & Dropped)
)

/** `n` counts from 1 without gaps; `at` is in ms since the lab began. */
export type LabEvent = { readonly n: number; readonly at: number } & (NodeEvent | LabFact)

export type EventOf<Type extends LabEvent['type']> = Extract<LabEvent, { type: Type }>
