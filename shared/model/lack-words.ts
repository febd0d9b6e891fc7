/** Says what nodes lack, and finds which of a network do. */
import { BEHAVIOURS } from './fault.ts'
import { type Ability, type Lacks, LINK_ABILITIES } from './lacks.ts'
import { nodeName } from './names.ts'
import { TOPOLOGIES } from './topology.ts'

const WORDS: Readonly<Partial<Record<Ability, string>>> = {
  delayMs: 'delay',
  jitterMs: 'jitter',
  timers: 'held timers',
  settings: 'the settings of the protocol',
  key: 'a key',
}

const LINE_ONLY = 'your program knows only its id and the number of nodes, and gossips on a line'
const isTopology = (ability: Ability) => TOPOLOGIES.some((name) => name === ability)

interface Reasons {
  readonly why?: string
  /** The reason why datagrams of a program pass no gate, which faults of its links need. */
  readonly gate?: true | string
}

/** Returns a clause that refuses an ability of a node. Only programs lack a topology. */
export function lackWords(id: number, ability: Ability, { why, gate }: Reasons = {}): string {
  if (isTopology(ability)) return `${LINE_ONLY}: it cannot be in a ${ability}`
  const words = WORDS[ability] ?? ability
  const refusal = `${nodeName(id)} does not support ${words}`
  if (why === undefined) return refusal
  const isOfGate = typeof gate === 'string' && LINK_ABILITIES.some((name) => name === ability)
  return `${refusal}: ${why}${isOfGate ? `; faults of its links need a gate, and ${gate}` : ''}`
}

/** Returns whether a refusal says that nodes lack an ability, in the words of `lackWords`. */
export const saysLack = (refusal: string): boolean =>
  refusal.includes(LINE_ONLY) || /^node \d+ does not support |^no node has the setting /.test(refusal)

/** Returns why one of these nodes lacks one of the abilities, as a clause; undefined if all nodes have them. */
export function whyLacking(
  nodes: readonly { readonly id: number; readonly lacks?: Lacks; readonly gate?: true | string }[],
  ...wanted: readonly Ability[]
): string | undefined {
  for (const { id, lacks, ...reasons } of nodes) {
    const ability = wanted.find((one) => lacks?.abilities.includes(one))
    if (lacks && ability !== undefined) return lackWords(id, ability, { ...lacks, ...reasons })
  }
  return undefined
}

/** Returns whether a command that needs an ability can be carried out somewhere in a network of these nodes. */
export function isPossible(nodes: readonly { readonly id: number; readonly lacks?: Lacks }[], ability: Ability) {
  const isOfOne = [...LINK_ABILITIES, ...BEHAVIOURS].some((name) => name === ability)
  const able = nodes.filter(({ lacks }) => !lacks?.abilities.includes(ability))
  return isOfOne ? able.length > 0 : able.length === nodes.length
}
