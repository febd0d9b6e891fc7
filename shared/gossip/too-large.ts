/** Words a datagram that is too large to send. */

/** A datagram of `bytes` bytes, larger than the operating system sends. */
export interface Oversized {
  readonly bytes: number
  readonly most: number
}

export const cannotBeSent = ({ bytes, most }: Oversized): string =>
  `cannot be sent: ${bytes.toLocaleString('en')} bytes, this system sends at most ${most.toLocaleString('en')}`
