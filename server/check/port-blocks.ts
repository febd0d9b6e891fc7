/** Gives each run TCP ports of its own: several runs of one check go on at once. */
import { freeBlock } from '../hosts/ports.ts'

/** Attempts to find a block that no other run has. */
const ATTEMPTS = 50

export class PortBlocks {
  /** First ports of the blocks in use, and their sizes. */
  readonly #taken = new Map<number, number>()

  /**
   * Resolves with the first of `size` consecutive ports. `giveBack` frees them.
   * @throws (rejects) LabRefusal when there are none.
   */
  async take(size: number): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      const { basePort } = await freeBlock(size)
      const isOurs = [...this.#taken].some(([first, count]) => basePort < first + count && first < basePort + size)
      if (isOurs && attempt < ATTEMPTS) continue
      this.#taken.set(basePort, size)
      return basePort
    }
  }

  giveBack(first: number) {
    this.#taken.delete(first)
  }
}
