import type { Outgoing } from '../outgoing.ts'
import type { Trick } from './trick.ts'

/** Maximum number of datagrams that a node remembers to replay. */
export const MAX_REMEMBERED_DATAGRAMS = 256

/** Remembers sent datagrams, the oldest replaced by the newest, and sends them again, to any neighbour. */
export class Replay {
  readonly #remembered: Outgoing[] = []
  #next = 0

  note(datagram: Outgoing) {
    this.#remembered[this.#next] = datagram
    this.#next = (this.#next + 1) % MAX_REMEMBERED_DATAGRAMS
  }

  readonly replay: Trick = (_knowledge, _to, random) => {
    const [old] = random.pick(this.#remembered, 1)
    return old && { why: 'replayed', bytes: old.bytes, content: old.content }
  }
}
