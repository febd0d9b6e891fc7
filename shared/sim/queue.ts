/** A priority queue by time; simultaneous items come out in the order in which they went in. A binary heap. */
export class EventQueue<T> {
  readonly #heap: Scheduled<T>[] = []
  #order = 0

  get size(): number {
    return this.#heap.length
  }

  /** Time of the next item; Infinity when there is none. */
  get nextAt(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }

  push(at: number, item: T) {
    const heap = this.#heap
    const added = { at, order: this.#order, item }
    this.#order += 1
    let place = heap.length
    heap.push(added)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (!parent || !isBefore(added, parent)) break
      heap[place] = parent
      place = above
    }
    heap[place] = added
  }

  pop(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first !== undefined && last !== undefined && heap.length > 0) this.#sink(last)
    return first?.item
  }

  /** Puts an item in at the top and lets it sink to its place. */
  #sink(item: Scheduled<T>) {
    const heap = this.#heap
    let place = 0
    for (;;) {
      const left = 2 * place + 1
      const a = heap[left]
      const b = heap[left + 1]
      if (!a) break
      const below = b && isBefore(b, a) ? b : a
      if (!isBefore(below, item)) break
      heap[place] = below
      place = below === b ? left + 1 : left
    }
    heap[place] = item
  }
}

interface Scheduled<T> {
  readonly at: number
  readonly order: number
  readonly item: T
}

const isBefore = <T>(a: Scheduled<T>, b: Scheduled<T>) => a.at < b.at || (a.at === b.at && a.order < b.order)
