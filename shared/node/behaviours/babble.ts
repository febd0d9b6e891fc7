import type { Random } from '../../gossip/random.ts'
import { bytesOf } from '../../gossip/text.ts'
import { datagramBytes, previewOf } from '../datagram-bytes.ts'
import { someRumor, type Trick } from './trick.ts'

const CLOSE = 125

/** Datagrams that are almost valid; a reader that trusts one fails in some way. */
const ALMOST: readonly ((port: number, random: Random) => string)[] = [
  (port) => `rumor:${port}:{hello,${port}}`,
  (port) => `rumor:${port}:{hello,${port},-1}`,
  (port) => `rumor:${port}:{hello,${port},99999999999999999999}`,
  (port) => `rumor:port:{hello,${port},0}`,
  (port) => `rumor:${port}:{hello,${port},0`,
  (port) => `status:${port}:{${port}}`,
  (port) => `status:${port}:{${port}:1,${port}:2}`,
  (port) => `status:${port}:{${port}:x}`,
  (port) => `status:${port}:{`,
  () => '',
  (_port, random) => `rumour:${'x'.repeat(random.below(2_000))}`,
]

/** Makes invalid datagrams: made up, cut short, or random bytes. */
export const babble: Trick = (knowledge, _to, random) => {
  const bytes = meaningless(knowledge, random)
  return { why: 'babble', bytes, content: { kind: 'malformed', preview: previewOf(bytes) } }
}

function meaningless(knowledge: Parameters<Trick>[0], random: Random): Uint8Array {
  const kind = random.below(ALMOST.length + 2)
  const almost = ALMOST[kind]
  if (almost) return bytesOf(almost(knowledge.port, random))
  const rumor = kind === ALMOST.length ? someRumor(knowledge, random) : undefined
  if (!rumor) return Uint8Array.from({ length: 1 + random.below(200) }, () => 128 + random.below(128))
  // Cut before its first closing bracket, so it cannot be complete.
  const whole = datagramBytes(rumor)
  return whole.subarray(0, random.below(whole.indexOf(CLOSE)))
}
