/**
 * Orders actions: those on one node run in the order they came, those on different nodes side by side, and one on the
 * whole network alone. A failed action does not delay the next.
 */
export class ActionQueue {
  #network: Promise<unknown> = Promise.resolve()
  /** The last action on each node since the last one on the network. */
  readonly #nodes = new Map<number, Promise<unknown>>()

  onNode<T>(id: number, action: () => Promise<T>): Promise<T> {
    const turn = (this.#nodes.get(id) ?? this.#network).then(action)
    this.#nodes.set(id, whenOver(turn))
    return turn
  }

  /** Runs after all earlier actions, and before all later ones. */
  onNetwork<T>(action: () => Promise<T>): Promise<T> {
    const turn = Promise.all([this.#network, ...this.#nodes.values()]).then(action)
    this.#network = whenOver(turn)
    this.#nodes.clear()
    return turn
  }

  /** Resolves when the last action on the network is over; does not wait for nodes. */
  onSettings<T>(action: () => T | Promise<T>): Promise<T> {
    return this.#network.then(action)
  }
}

const whenOver = (turn: Promise<unknown>): Promise<unknown> => turn.catch(() => {})
