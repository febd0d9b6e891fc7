import type { Origin } from '../../shared/gossip/origin.ts'

/** The selected node, message, datagram or link of the page. */
export type Selection =
  | { readonly kind: 'node'; readonly id: number }
  | { readonly kind: 'message'; readonly origin: Origin; readonly seq: number }
  /** By number of its `sent` event. */
  | { readonly kind: 'datagram'; readonly id: number }
  | { readonly kind: 'link'; readonly a: number; readonly b: number }
  /** A held datagram, by its number. */
  | { readonly kind: 'held'; readonly number: number }
