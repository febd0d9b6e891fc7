import type { Random } from '../../gossip/random.ts'
import type { Datagram, Pair, Rumor } from '../../gossip/wire.ts'
import type { AnyContent, Content } from '../../model/event.ts'
import type { Mischief } from '../../model/fault.ts'
import { datagramBytes } from '../datagram-bytes.ts'

/** The knowledge of a misbehaving node: no more than an honest one has. */
export interface Knowledge {
  readonly port: number
  readonly neighbours: readonly number[]
  /** Returns the held messages as a status says them, itself first. */
  vector(): readonly Pair[]
  /** The wire form of a message's text. */
  text(origin: number, seq: number): string | undefined
}

/** A datagram that no honest node would send. */
export interface Made {
  readonly why: Mischief
  readonly bytes: Uint8Array
  readonly content: AnyContent
}

/** Makes up a datagram for a neighbour; undefined when there is nothing to make it of. */
export type Trick = (knowledge: Knowledge, to: number, random: Random) => Made | undefined

export const contentOf = (datagram: Datagram): Content =>
  datagram.kind === 'rumor'
    ? { kind: 'rumor', origin: datagram.origin, seq: datagram.seq }
    : { kind: 'status', pairs: datagram.pairs }

export const wellFormed = (why: Mischief, datagram: Datagram): Made => ({
  why,
  bytes: datagramBytes(datagram),
  content: contentOf(datagram),
})

/** A message that is held, as a rumor; undefined when none is. */
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
