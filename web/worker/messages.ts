/**
 * The messages between a page and the worker with its simulation. They control the clock; the lab's own protocol goes
 * over a message port, one for each connection.
 */
import type { Experiment } from '../../shared/wire/experiment.ts'

export type ToWorker =
  /** Comes first. The clock runs as fast as it can up to `to`, in ms of the lab, and stops there. */
  | { readonly type: 'begin'; readonly experiment: Experiment; readonly to: number }
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
