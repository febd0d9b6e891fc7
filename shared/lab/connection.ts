/**
 * The port between a lab and one page: a WebSocket, a message port, or any other way on which texts keep their order.
 *
 * The transport knows who has come and calls `Sessions.open`. It then calls `hear` with each text from the page, and
 * `end` once when the connection has ended, whichever side ended it. The transport bounds the size of a text from the
 * page; while more than MAX_BACKLOG_BYTES wait for the page it should read none, or the answers pile up.
 */

/** Bytes that wait for one page; past this number events are held back until the page has caught up. */
export const MAX_BACKLOG_BYTES = 1_048_576

export interface Connection {
  /** Bytes that were sent and that the page has not taken yet; 0 where the transport does not count them. */
  readonly waiting: number
  /** Does nothing once the connection has ended. */
  send(frame: Frame): void
  /** Ends the connection, and tells the page why where the transport can. */
  close(reason: CloseReason, words: string): void
}

/** One message to pages, written once for all that get it. A transport may remember what it has made of a frame. */
export interface Frame {
  readonly text: string
}

/** `ending`: the lab ends. `full`: the page may try again later. `misused`: the page did not keep to the bounds. */
export type CloseReason = 'ending' | 'full' | 'misused'
