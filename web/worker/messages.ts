/**
 * The messages between a page and the worker with its simulation. They control the clock; the lab's own protocol goes
 * over a message port, one for each connection.
 */
import type { ForkPoint } from '../../shared/sim/fork.ts'
import type { Experiment } from '../../shared/wire/experiment.ts'

export interface Beginning {
  readonly experiment: Experiment
  /** An instant of another lab, from which this one goes on: it has the network and settings of that one. */
  readonly from: ForkPoint | null
  /** The clock runs as fast as it can up to there and stops, in ms of the lab. */
  readonly to: number
}

export type ToWorker =
  /** Comes first. */
  | ({ readonly type: 'begin' } & Beginning)
  /** A connection; its port is transferred with the message. A text is a message of the protocol, null its end. */
  | { readonly type: 'connect' }
  /** ms of the lab in a ms of people; 0 stops the clock. */
  | { readonly type: 'pace'; readonly rate: number }
  /** Advances the clock to the next event. */
  | { readonly type: 'step' }

export type FromWorker =
  /** The commands that were given so far. */
  | { readonly type: 'experiment'; readonly experiment: Experiment }
  /** The clock has stopped by itself: a condition is true. */
  | { readonly type: 'stopped' }
