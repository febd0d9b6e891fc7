import { portOf } from '../../gossip/origin.ts'
import { type Trick, wellFormed } from './trick.ts'

/**
 * Makes up the next message of another node. The report's datagrams cannot show that it is forged, so every node except
 * that one believes it.
 */
export const forge: Trick = ({ port, neighbours, vector }, _to, random) => {
  const next = new Map([...neighbours.map((neighbour) => [neighbour, 0] as const), ...vector()])
  const [victim] = random.pick(
    [...next].filter(([origin]) => portOf(origin) !== port),
    1,
  )
  if (!victim) return undefined
  const [origin, seq] = victim
  return wellFormed('forged', { kind: 'rumor', sender: port, origin, seq, text: `forged-${random.below(1_000_000)}` })
}
