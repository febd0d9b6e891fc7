import type { LineHandler, LineInterface, Platform } from './platform.ts'

/** Maximum number of TCP ports that one node listens on. */
const MAX_INTERFACES = 16

/** Manages the TCP ports on which a node takes lines. */
export class LineInterfaces {
  readonly #handler: LineHandler
  readonly #platform: Pick<Platform, 'openLines'>
  readonly #open = new Map<number, LineInterface>()

  constructor(platform: Pick<Platform, 'openLines'>, handler: LineHandler) {
    this.#platform = platform
    this.#handler = handler
  }

  /**
   * A second call for the same port changes nothing.
   * @throws (rejects) when there are too many ports, or with the system's error when the port is in use.
   */
  async listen(port: number): Promise<void> {
    if (this.#open.has(port)) return
    if (this.#open.size >= MAX_INTERFACES) throw new Error(`a node listens on at most ${MAX_INTERFACES} ports`)
    this.#open.set(port, await this.#platform.openLines(port, this.#handler))
  }

  /** Stops taking clients there; connected ones stay. */
  unlisten(port: number) {
    this.#open.get(port)?.close()
    this.#open.delete(port)
  }

  unlistenAll() {
    for (const port of [...this.#open.keys()]) this.unlisten(port)
  }
}
