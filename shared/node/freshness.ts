/**
 * Decides whether a sealed datagram is here for the first time. Its seal names the sender's port, its session, a
 * counter and a time. The seal itself has been checked before, so only owners of the key can fill the memory here.
 *
 *  - The session is the time at which the sender began: the higher of two belongs to the later life, and once a
 *    datagram of the later life has arrived, every datagram of the earlier one is refused.
 *  - Within a session each counter is accepted once; a counter more than a window behind the highest is refused.
 *  - A datagram older than FRESH_MS is refused, and so is one that was sealed before this node began. So a sender may be
 *    forgotten once it has been silent for twice as long, which leaves room for clocks that were set: none of its
 *    datagrams can be accepted again, and the memory stays bounded without letting an old session back in.
 *
 * All nodes are on one machine and share its clock. If the clock is set back, restarted nodes are unheard for FRESH_MS.
 */

/** Age past which a sealed datagram is refused, in ms; it bounds the memory of a receiver. */
export const FRESH_MS = 30_000
/** Maximum distance of a sealed datagram behind the highest counter of its sender, in datagrams; a multiple of 32. */
export const REPLAY_WINDOW = 1_024
/** Maximum number of senders of sealed datagrams that a node knows at a time. */
export const MAX_SEALED_SENDERS = 512

export interface Stamp {
  readonly sender: number
  readonly session: number
  readonly counter: number
  /** When the datagram was sealed, in ms since 1970. */
  readonly sealedAt: number
}

/** `wall` is in ms since 1970 and may be set; `steady` is in ms and never decreases. */
export interface Moment {
  readonly wall: number
  readonly steady: number
}

interface Sender {
  readonly session: number
  readonly window: ReplayWindow
  heardAt: number
}

export class Freshness {
  readonly #began: Moment
  readonly #senders = new Map<number, Sender>()

  constructor(began: Moment) {
    this.#began = began
  }

  /** Returns true once for each datagram. */
  takes(stamp: Stamp, now: Moment): boolean {
    if (!this.#isRecent(stamp.sealedAt, now)) return false
    const sender = this.#senderOf(stamp, now)
    if (!sender?.window.takes(stamp.counter)) return false
    sender.heardAt = now.steady
    return true
  }

  #isRecent(sealedAt: number, { wall, steady }: Moment): boolean {
    if (Math.abs(wall - sealedAt) > FRESH_MS) return false
    // After FRESH_MS the check above suffices, also when the clock has been set in the meantime.
    return steady - this.#began.steady > FRESH_MS || sealedAt >= this.#began.wall
  }

  /** Returns undefined when the session is over, or there is no room for one more sender. */
  #senderOf({ sender: port, session }: Stamp, { steady }: Moment): Sender | undefined {
    const known = this.#senders.get(port)
    const isForgotten = !known || steady - known.heardAt > 2 * FRESH_MS
    if (!isForgotten && session <= known.session) return session === known.session ? known : undefined
    if (!known) this.#makeRoom(steady)
    if (!known && this.#senders.size >= MAX_SEALED_SENDERS) return undefined
    const sender = { session, window: new ReplayWindow(), heardAt: steady }
    this.#senders.set(port, sender)
    return sender
  }

  #makeRoom(steady: number) {
    if (this.#senders.size < MAX_SEALED_SENDERS) return
    for (const [port, { heardAt }] of this.#senders) if (steady - heardAt > 2 * FRESH_MS) this.#senders.delete(port)
  }
}

/** One bit for each of the last counters, as in IPsec (RFC 4303, 3.4.3); the words form a ring. */
export class ReplayWindow {
  readonly #bits = new Uint32Array(REPLAY_WINDOW / 32 + 1)
  #highest = 0

  takes(counter: number): boolean {
    if (counter <= this.#highest - REPLAY_WINDOW) return false
    if (counter > this.#highest) this.#advance(counter)
    const word = Math.floor(counter / 32) % this.#bits.length
    const bit = 1 << (counter % 32)
    const before = this.#bits[word] ?? 0
    if (before & bit) return false
    this.#bits[word] = before | bit
    return true
  }

  /** The words that the new highest counter brings into the window contained counters that leave it. */
  #advance(counter: number) {
    const from = Math.floor(this.#highest / 32)
    const steps = Math.min(Math.floor(counter / 32) - from, this.#bits.length)
    for (let step = 1; step <= steps; step += 1)
      this.#bits[(Math.floor(counter / 32) - steps + step) % this.#bits.length] = 0
    this.#highest = counter
  }
}
