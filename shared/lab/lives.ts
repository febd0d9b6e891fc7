/** Records when each node of the network listened, so that the fate of a datagram is judged as of its sending. */
import type { End } from '../model/event.ts'

/** One life of a node; times in ms of the lab. */
export interface Life {
  readonly startedAt: number
  /** Infinity while the node is still starting. */
  readonly listensAt: number
  /** Infinity while it lives. */
  readonly endedAt: number
  readonly how?: End['how']
  /** Whether it reports the datagrams that it sends and receives. */
  readonly reports: boolean
}

/** Number of lives remembered per node: those to which datagrams may still be in flight. */
const REMEMBERED = 8

export class Lives {
  /** By node, in order. */
  readonly #lives = new Map<number, Life[]>()

  start(node: number, at: number, reports: boolean) {
    const lives = this.#lives.get(node) ?? []
    lives.push({ startedAt: at, listensAt: Number.POSITIVE_INFINITY, endedAt: Number.POSITIVE_INFINITY, reports })
    this.#lives.set(node, lives.slice(-REMEMBERED))
  }

  /** Notes that a node has been listening since `at`. Further interfaces of a listening node change nothing. */
  listen(node: number, at: number) {
    const life = this.#newest(node)
    if (life?.listensAt === Number.POSITIVE_INFINITY) this.#change(node, { ...life, listensAt: at })
  }

  end(node: number, at: number, how: End['how']) {
    const life = this.#newest(node)
    if (life) this.#change(node, { ...life, endedAt: at, how })
  }

  /** Returns the life of a node at `at`, or the last one before; undefined if it had not been started by then. */
  of(node: number, at: number): Life | undefined {
    const lives = this.#lives.get(node) ?? []
    // Called for each end of each datagram: nearly always the newest life matches.
    for (let place = lives.length - 1; place >= 0; place -= 1) {
      const life = lives[place]
      if (life && life.startedAt <= at) return life
    }
    return undefined
  }

  isListening(node: number): boolean {
    const life = this.#newest(node)
    return life !== undefined && life.listensAt < Number.POSITIVE_INFINITY && life.endedAt === Number.POSITIVE_INFINITY
  }

  clear() {
    this.#lives.clear()
  }

  #newest(node: number): Life | undefined {
    return this.#lives.get(node)?.at(-1)
  }

  #change(node: number, life: Life) {
    this.#lives.get(node)?.splice(-1, 1, life)
  }
}
