/**
 * The port between a lab and one page: a WebSocket, a message port, or any other ordered channel for texts.
 *
 * Contract: the transport calls `Sessions.open` for each new page, then `hear` with each text from it, and `end`
 * exactly once when the connection has ended, whichever side ended it. The transport bounds the size of a text. While
 * more than MAX_BACKLOG_BYTES wait for the page, it should read none of its texts, or the answers pile up.
 */

/** Number of unread bytes past which a page gets no more events until it has caught up. */
export const MAX_BACKLOG_BYTES = 1_048_576

export interface Connection {
  /** Number of bytes sent that the page has not taken yet; 0 if the transport does not count them. */
  readonly waiting: number
  /** Does nothing once the connection has ended. */
  send(frame: Frame): void
  /** Ends the connection, and sends the page the reason if the transport can. */
  close(reason: CloseReason, words: string): void
}

/** One message to pages, encoded once for all that get it. A transport may cache its own form of a frame. */
export interface Frame {
  readonly text: string
}

/** `ending`: the lab ends. `full`: the page may try again later. `misused`: the page exceeded a bound. */
export type CloseReason = 'ending' | 'full' | 'misused'
