import type { Origin } from '../../shared/gossip/origin.ts'

/** The node, message, datagram or link that is chosen on the page. */
export type Selection =
  | { readonly kind: 'node'; readonly id: number }
  | { readonly kind: 'message'; readonly origin: Origin; readonly seq: number }
  /** By number of the event that sent it. */
  | { readonly kind: 'datagram'; readonly id: number }
  | { readonly kind: 'link'; readonly a: number; readonly b: number }
  /** A datagram that waits at a gate, by its number. */
  | { readonly kind: 'held'; readonly number: number }
