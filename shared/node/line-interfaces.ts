import type { LineHandler, LineInterface, Platform } from './platform.ts'

/** TCP ports that one node listens on. */
const MAX_INTERFACES = 16

/** The TCP ports on which a node takes lines. */
export class LineInterfaces {
  readonly #handler: LineHandler
  readonly #platform: Pick<Platform, 'openLines'>
  readonly #open = new Map<number, LineInterface>()

  constructor(platform: Pick<Platform, 'openLines'>, handler: LineHandler) {
    this.#platform = platform
    this.#handler = handler
  }

  /**
   * Listening twice on one port is listening once.
   * @throws (rejects) when there are too many ports, or with the system's error when the port is taken.
   */
  async listen(port: number): Promise<void> {
    if (this.#open.has(port)) return
    if (this.#open.size >= MAX_INTERFACES) throw new Error(`a node listens on at most ${MAX_INTERFACES} ports`)
    this.#open.set(port, await this.#platform.openLines(port, this.#handler))
  }

  /** Takes no further client there; those that are connected stay. */
  unlisten(port: number) {
    this.#open.get(port)?.close()
    this.#open.delete(port)
  }

  unlistenAll() {
    for (const port of [...this.#open.keys()]) this.unlisten(port)
  }
}
