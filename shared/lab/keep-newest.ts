import type { Frame } from './connection.ts'

/**
 * Removes the oldest frames, the first of the map, until at most `count` frames with at most `chars` characters are left.
 * The newest one always stays.
 */
export function keepNewest(
  kept: Map<string, { readonly frame: Frame }>,
  count: number,
  chars = Number.POSITIVE_INFINITY,
) {
  let total = 0
  for (const { frame } of kept.values()) total += frame.text.length
  for (const [oldest, { frame }] of kept) {
    if (kept.size === 1 || (kept.size <= count && total <= chars)) break
    kept.delete(oldest)
    total -= frame.text.length
  }
}
