/**
 * Numbers held datagrams for people: from 1 in each network. A node uses tickets, which restart in each of its lives.
 */
export class HeldNumbers {
  readonly #numbers = new Map<string, number>()
  #count = 0

  /** Returns the number for a datagram that a node has just begun to hold. */
  give(node: number, ticket: number): number {
    this.#numbers.set(`${node}:${ticket}`, ++this.#count)
    return this.#count
  }

  /** Returns the number of a held datagram; undefined if the node has none with this ticket. */
  of(node: number, ticket: number | undefined): number | undefined {
    return this.#numbers.get(`${node}:${ticket}`)
  }

  /** Returns the number of a datagram that is no longer held, and forgets it. */
  take(node: number, ticket: number | undefined): number | undefined {
    const number = this.of(node, ticket)
    this.#numbers.delete(`${node}:${ticket}`)
    return number
  }

  /** Continues with datagrams that have their numbers already. */
  resume(held: readonly { readonly node: number; readonly ticket: number; readonly number: number }[]) {
    for (const { node, ticket, number } of held) {
      this.#numbers.set(`${node}:${ticket}`, number)
      this.#count = Math.max(this.#count, number)
    }
  }

  forgetNode(node: number) {
    for (const name of [...this.#numbers.keys()]) if (name.startsWith(`${node}:`)) this.#numbers.delete(name)
  }

  clear() {
    this.#numbers.clear()
    this.#count = 0
  }
}
