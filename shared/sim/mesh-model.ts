/**
 * Models a full mesh: only the rules by which a machine chooses its neighbours. A machine of a mesh scans all its
 * neighbours at each message, and a round of anti-entropy is n (n - 1) statuses, so machines alone are limited to about
 * a thousand nodes. mesh-model.test.ts compares the model with machines at sizes where both run.
 *
 * One message, no loss, all nodes have met. A status that changes nothing is not sent.
 */
import { createRandom, type Random } from '../gossip/random.ts'
import { DEFAULTS, type Settings } from '../gossip/settings.ts'
import { type Epidemic, MOST } from './epidemic.ts'
import { EventQueue } from './queue.ts'

export interface MeshOptions {
  readonly n: number
  readonly seed: number
  readonly delayMs: number
  readonly settings?: Partial<Settings>
  /** Whether there is anti-entropy; without it some nodes never get the message. */
  readonly antiEntropy: boolean
}

type Happening =
  | { readonly kind: 'rumor' | 'ack' | 'status' | 'ask'; readonly from: number; readonly to: number }
  | { readonly kind: 'round'; readonly node: number }

/** Number of random draws of a candidate before all of them are scanned. */
const DRAWS = 32

export function modelMesh(options: MeshOptions): Epidemic {
  const mesh = new Mesh(options)
  mesh.run()
  return mesh.result()
}

class Mesh {
  readonly #n: number
  readonly #delayMs: number
  readonly #settings: Settings
  readonly #random: Random
  readonly #queue = new EventQueue<Happening>()
  readonly #holds: Uint8Array
  /** By node: the nodes that it knows to have the message, or has just sent it. Lists, because most have under ten. */
  readonly #knows: number[][]
  readonly #times: number[] = []
  #now = 0
  #rumors = 0
  #others = 0

  constructor({ n, seed, delayMs, settings, antiEntropy }: MeshOptions) {
    this.#n = n
    this.#delayMs = delayMs
    this.#settings = { ...DEFAULTS, ...settings }
    this.#random = createRandom(seed)
    this.#holds = new Uint8Array(n)
    this.#knows = Array.from({ length: n }, () => [])
    const period = this.#settings.antiEntropyMs
    // The first round of a machine comes after half a period to a whole one; the message comes at a random time.
    const typedAt = this.#random.next() * period
    for (let node = 0; antiEntropy && node < n; node += 1) {
      const phase = period * (0.5 + this.#random.next() / 2)
      this.#queue.push((phase - typedAt + period) % period, { kind: 'round', node })
    }
    this.#store(0, undefined)
  }

  run() {
    let last = Number.POSITIVE_INFINITY
    while (this.#queue.nextAt <= last) {
      this.#now = this.#queue.nextAt
      const happening = this.#queue.pop()
      if (!happening) return
      if (happening.kind === 'round') this.#round(happening.node)
      else this.#arrive(happening.kind, happening.from, happening.to)
      // Acknowledgements are still in flight.
      if (this.#times.length === this.#n && last === Number.POSITIVE_INFINITY) last = this.#now + 3 * this.#delayMs
    }
  }

  result(): Epidemic {
    const timeOf = (share: number) => this.#times[Math.ceil(this.#n * share) - 1] ?? null
    return {
      half: timeOf(0.5),
      most: timeOf(MOST),
      all: timeOf(1),
      rumors: this.#rumors / (this.#n - 1),
      datagrams: (this.#rumors + this.#others) / (this.#n - 1),
      missing: 1 - this.#times.length / this.#n,
    }
  }

  #arrive(kind: 'rumor' | 'ack' | 'status' | 'ask', from: number, to: number) {
    if (kind === 'rumor') {
      this.#learn(to, from)
      if (!this.#holds[to]) this.#store(to, from)
      this.#say('ack', to, from)
    } else if (kind === 'ack') {
      if (this.#random.next() < this.#settings.coin) this.#tellOne(to)
    } else if (kind === 'status') {
      // One of the two lacks the message: the one that received the status asks, or sends it.
      if (!this.#holds[to]) this.#say('ask', to, from)
      else if (!this.#holds[from]) this.#tell(to, from)
    } else this.#tell(to, from)
  }

  /**
   * Applies a status to all neighbours; it changes nothing between two nodes that both have the message, or both lack
   * it.
   */
  #round(node: number) {
    for (let other = 0; other < this.#n; other += 1)
      if (this.#holds[other] !== this.#holds[node])
        this.#queue.push(this.#now + this.#delayMs, { kind: 'status', from: node, to: other })
    this.#queue.push(this.#now + this.#settings.antiEntropyMs, { kind: 'round', node })
  }

  #store(node: number, from: number | undefined) {
    this.#holds[node] = 1
    this.#times.push(this.#now)
    if (from !== undefined) this.#learn(node, from)
    for (let told = 0; told < this.#settings.fanout; told += 1) this.#tellOne(node)
  }

  /** Chooses a node that is not known to have the message. */
  #tellOne(node: number) {
    const knows = this.#knows[node]
    if (!knows || knows.length >= this.#n - 1) return
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const other = this.#random.below(this.#n)
      if (other === node || knows.includes(other)) continue
      this.#tell(node, other)
      return
    }
    const others = Array.from({ length: this.#n }, (_, id) => id).filter((id) => id !== node && !knows.includes(id))
    this.#tell(node, others[this.#random.below(others.length)] ?? node)
  }

  #tell(from: number, to: number) {
    if (!this.#learn(from, to)) return
    this.#rumors += 1
    this.#queue.push(this.#now + this.#delayMs, { kind: 'rumor', from, to })
  }

  /** Notes that another node has the message. Returns false when that was known. */
  #learn(node: number, other: number): boolean {
    const knows = this.#knows[node]
    if (!knows || knows.includes(other)) return false
    knows.push(other)
    return true
  }

  #say(kind: 'ack' | 'ask', from: number, to: number) {
    this.#others += 1
    this.#queue.push(this.#now + this.#delayMs, { kind, from, to })
  }
}
