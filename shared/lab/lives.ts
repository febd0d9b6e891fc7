/** When each node of the network listened, so that what became of a datagram is judged as of when it was sent. */
import type { End } from '../model/event.ts'

/** One life of a node; times in ms of the lab. */
export interface Life {
  readonly startedAt: number
  /** Infinity while it has not said that it listens. */
  readonly listensAt: number
  /** Infinity while it lives. */
  readonly endedAt: number
  readonly how?: End['how']
}

/** Lives of a node that are remembered: those that datagrams may still be on their way to. */
const REMEMBERED = 8

export class Lives {
  /** By node, in order. */
  readonly #lives = new Map<number, Life[]>()

  start(node: number, at: number) {
    const lives = this.#lives.get(node) ?? []
    lives.push({ startedAt: at, listensAt: Number.POSITIVE_INFINITY, endedAt: Number.POSITIVE_INFINITY })
    this.#lives.set(node, lives.slice(-REMEMBERED))
  }

  /** It has been listening since `at`. Further interfaces of a node that listens change nothing. */
  listen(node: number, at: number) {
    const life = this.#newest(node)
    if (life?.listensAt === Number.POSITIVE_INFINITY) this.#change(node, { ...life, listensAt: at })
  }

  end(node: number, at: number, how: End['how']) {
    const life = this.#newest(node)
    if (life) this.#change(node, { ...life, endedAt: at, how })
  }

  /** The life that a node led at `at`, or the last one before; undefined when it had not been started by then. */
  of(node: number, at: number): Life | undefined {
    const lives = this.#lives.get(node) ?? []
    // Asked of each end of each datagram: nearly always it is the newest.
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
