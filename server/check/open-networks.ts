/** Keeps the networks of a check that are open, so that a signal can close all of them. */
import { TestNetwork, type TestNetworkOptions } from './test-network.ts'

const never = () => new Promise<never>(() => {})

/**
 * Once `close` is called, nothing else of it resolves, and no network opens: the process is about to end, and a run that
 * lost its network must not be reported as a failure.
 */
export class OpenNetworks {
  readonly #open = new Set<Promise<TestNetwork>>()
  #isClosed = false

  /** Opens a network, and closes it when `carryOut` is over. */
  async use<Result>(options: TestNetworkOptions, carryOut: (network: TestNetwork) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return never()
    const opening = TestNetwork.open(options)
    this.#open.add(opening)
    try {
      const network = await opening
      try {
        return await carryOut(network)
      } finally {
        await this.stayOpen()
        await network.close()
      }
    } finally {
      this.#open.delete(opening)
      await this.stayOpen()
    }
  }

  /** Resolves unless `close` was called. */
  async stayOpen(): Promise<void> {
    if (this.#isClosed) await never()
  }

  /** Resolves when all networks are closed, those included that are only being opened. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled([...this.#open].map(async (opening) => (await opening).close()))
  }
}
