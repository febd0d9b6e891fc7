import type { Random } from '../../gossip/random.ts'
import type { Datagram, Pair, Rumor } from '../../gossip/wire.ts'
import type { AnyContent, Content } from '../../model/event.ts'
import type { Mischief } from '../../model/fault.ts'
import { datagramBytes } from '../datagram-bytes.ts'

/** The knowledge of a misbehaving node: it has no more than an honest one. */
export interface Knowledge {
  readonly port: number
  readonly neighbours: readonly number[]
  /** Returns the stored messages as a status names them, the node itself first. */
  vector(): readonly Pair[]
  /** Returns the wire form of a message's text. */
  text(origin: number, seq: number): string | undefined
}

/** A datagram that no honest node would send. */
export interface Made {
  readonly why: Mischief
  readonly bytes: Uint8Array
  readonly content: AnyContent
}

/** Makes up a datagram for a neighbour. Returns undefined when it has no material. */
export type Trick = (knowledge: Knowledge, to: number, random: Random) => Made | undefined

export function contentOf(datagram: Datagram): Content {
  if (datagram.kind === 'status') return { kind: 'status', pairs: datagram.pairs }
  if (datagram.kind === 'rumor') return { kind: 'rumor', origin: datagram.origin, seq: datagram.seq }
  const [first = [0, 0], ...more] = datagram.rumors.map(({ origin, seq }) => [origin, seq] as const)
  return { kind: 'rumor', origin: first[0], seq: first[1], more }
}

export const wellFormed = (why: Mischief, datagram: Datagram): Made => ({
  why,
  bytes: datagramBytes(datagram),
  content: contentOf(datagram),
})

/** Returns a stored message as a rumor, or undefined when there is none. */
export function someRumor({ port, vector, text }: Knowledge, random: Random): Rumor | undefined {
  const [pair] = random.pick(
    vector().filter(([, low]) => low > 0),
    1,
  )
  if (!pair) return undefined
  const [origin, low] = pair
  const seq = random.below(low)
  return { kind: 'rumor', sender: port, origin, seq, text: text(origin, seq) ?? '' }
}
