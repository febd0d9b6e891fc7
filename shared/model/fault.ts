/** Defines deliberate faults: of a link, one direction at a time, and of a node. */

/**
 * The faults that hit a share of a link's datagrams by chance, with the words of `help`. Commands, recordings, undo and the
 * page read this table; gate.ts or air.ts of shared/node carries a fault out.
 */
export const CHANCES = {
  loss: { does: 'lose this share of the datagrams' },
  duplicate: { does: 'duplicate this share of the datagrams' },
  reorder: { does: 'delay this share of the datagrams, so that later ones overtake them' },
}
export type Chance = keyof typeof CHANCES
export const CHANCE_NAMES = Object.keys(CHANCES) as readonly Chance[]

/** State of one direction of a link; chances are in percent. */
export interface LinkCondition extends Readonly<Record<Chance, number>> {
  /** Whether no datagram passes. */
  readonly cut: boolean
  /** Time in the air, in ms; null stands for the lab's default. */
  readonly delayMs: number | null
  /** Maximum extra time in the air, in ms; chance decides. */
  readonly jitterMs: number
  /** Whether datagrams are held at their sender's gate until a person lets them go. */
  readonly hold: boolean
}

export const HEALTHY: LinkCondition = {
  cut: false,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  delayMs: null,
  jitterMs: 0,
  hold: false,
}

export const isSame = (one: LinkCondition, other: LinkCondition): boolean =>
  Object.entries(one).every(([name, value]) => other[name as keyof LinkCondition] === value)

export const isHealthy = (condition: LinkCondition): boolean => isSame(HEALTHY, condition)

export type Behaviour = (typeof BEHAVIOURS)[number]
export const BEHAVIOURS = ['hoard', 'forge', 'replay', 'flood', 'babble'] as const

export const BEHAVIOUR_IN_WORDS: Readonly<Record<Behaviour, string>> = {
  hoard: 'acknowledges messages but passes none on',
  forge: 'invents messages and says that they are from other nodes',
  replay: 'sends old datagrams again',
  flood: 'sends its neighbours datagrams without end',
  babble: 'sends malformed datagrams',
}

/**
 * Reason why a datagram did not pass its sender's gate: the link is cut, the link lost it by chance, a person dropped it
 * while it was held, or the gate was full.
 */
export type Fate = 'cut' | 'loss' | 'dropped' | 'gate full'

/** Reason why a misbehaving node sends a datagram. */
export type Mischief = (typeof MISCHIEF)[number]
export const MISCHIEF = ['forged', 'replayed', 'flood', 'babble'] as const
export const isMischief = (why: string): why is Mischief => MISCHIEF.some((mischief) => mischief === why)

/** One direction of a link between two nodes, by their ids. */
export type Way = `${number}>${number}`
export const wayOf = (from: number, to: number): Way => `${from}>${to}`
export function endsOf(way: Way): readonly [from: number, to: number] {
  const [from, to] = way.split('>')
  return [Number(from), Number(to)]
}

/** By direction; `*` stands for every direction that is not named, so a change of all links takes one entry. */
export type LinkConditions = Readonly<Record<Way, LinkCondition> & { '*'?: LinkCondition }>
export type LinkKey = keyof LinkConditions

export const conditionOf = (links: LinkConditions, key: LinkKey): LinkCondition => links[key] ?? links['*'] ?? HEALTHY

/** Returns the links after a change. Leaves out a link that equals the `*` entry. */
export function changeLinks(before: LinkConditions, changed: LinkConditions): LinkConditions {
  const { '*': every = HEALTHY, ...named } = { ...before, ...changed }
  const ways = Object.entries(named).filter(([, condition]) => !isSame(condition, every))
  return { ...(isHealthy(every) ? {} : { '*': every }), ...Object.fromEntries(ways) }
}
