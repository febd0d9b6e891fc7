/**
 * Lets three nodes gossip in memory, so that the code of a node has run before its first message. They have clock, wire
 * and state of their own, and share only code with the real node.
 */
import { MAX_DATAGRAM_BYTES } from '../gossip/limits.ts'
import { DEFAULTS } from '../gossip/settings.ts'
import { ACKNOWLEDGE_AFTER_MS, GossipNode } from './gossip-node.ts'
import { NO_FAULTS } from './node-faults.ts'
import type { LineHandler, Platform, Udp, UdpOptions } from './platform.ts'

const PORTS = [1, 2, 3] as const
const [FIRST, , LAST] = PORTS

export class Rehearsal {
  readonly #platform: Platform
  readonly #receivers = new Map<number, UdpOptions>()
  readonly #lines = new Map<number, LineHandler>()
  readonly #timers = new Map<object, { readonly at: number; readonly call: () => void }>()
  readonly #arrivals: (() => void)[] = []
  #now = 0

  private constructor({ encode, checksum, memoryBytes, openMac }: Platform) {
    this.#platform = {
      now: () => this.#now,
      wallClock: () => this.#now,
      after: (ms, call) => {
        const timer = {}
        this.#timers.set(timer, { at: this.#now + ms, call })
        return timer
      },
      every: () => ({}),
      cancel: (timer) => void (timer && this.#timers.delete(timer)),
      afterInput: (call) => void this.#arrivals.push(call),
      encode,
      checksum,
      memoryBytes,
      openMac,
      openUdp: async (options) => this.#openUdp(options),
      openLines: async (port, handler) => {
        this.#lines.set(port, handler)
        return { close: () => {} }
      },
    }
  }

  /** Resolves when the nodes are ready. Takes from the platform of the real node only what has no state. */
  static async begin(platform: Platform): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(platform)
    await Promise.all(PORTS.map((port) => rehearsal.#node(port).start([port])))
    rehearsal.#advance()
    return rehearsal
  }

  /** Carries a line out at the first node, and lets the others get the message. Returns the last one's chat log. */
  play(line: string): readonly string[] {
    this.#lines.get(FIRST)?.onLine(line)
    this.#advance()
    return this.#lines.get(LAST)?.onLine('get chatLog') ?? []
  }

  #node(port: number): GossipNode {
    return new GossipNode({
      platform: this.#platform,
      id: port - FIRST,
      rootId: FIRST,
      port,
      seed: port,
      generation: 0,
      generationIs: 'counted',
      neighbours: PORTS.filter((other) => Math.abs(other - port) === 1),
      settings: DEFAULTS,
      linkDelayMs: 0,
      faults: NO_FAULTS,
      onCrash: () => {},
    })
  }

  #openUdp(options: UdpOptions): Udp {
    this.#receivers.set(options.port, options)
    return {
      send: (to, bytes) => this.#arrivals.push(() => this.#receivers.get(to)?.onDatagram(bytes, options.port)),
      measure: async () => MAX_DATAGRAM_BYTES,
      flush: (done) => done(),
      close: () => {},
    }
  }

  /** Delivers all datagrams, lets the time of acknowledgements pass, and delivers those. */
  #advance() {
    this.#deliverAll()
    this.#now += ACKNOWLEDGE_AFTER_MS
    for (const [timer, { at, call }] of this.#timers) {
      if (at > this.#now) continue
      this.#timers.delete(timer)
      call()
    }
    this.#deliverAll()
  }

  #deliverAll() {
    for (let arrive = this.#arrivals.shift(); arrive; arrive = this.#arrivals.shift()) arrive()
  }
}
