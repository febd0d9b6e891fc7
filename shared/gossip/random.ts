/** A seeded source of chance (mulberry32): the same seed gives the same run. Not for secrets. */
export interface Random {
  /** Returns a number in [0, 1). */
  next(): number
  /** Returns an integer in [0, bound). */
  below(bound: number): number
  /** Returns up to `count` different items, in random order. */
  pick<T>(items: readonly T[], count: number): T[]
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (bound: number) => Math.floor(next() * bound)
  const pick = <T>(items: readonly T[], count: number): T[] => {
    const rest = items.slice()
    const picked: T[] = []
    while (picked.length < count && rest.length > 0) {
      const place = below(rest.length)
      picked.push(rest[place] as T)
      rest.splice(place, 1)
    }
    return picked
  }
  return { next, below, pick }
}
