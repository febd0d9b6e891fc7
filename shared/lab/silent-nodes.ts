/** Applies a change to each of these nodes. Resolves with the ids of those where it is not in force yet. */
export async function silentOf(
  ids: Iterable<number>,
  impose: (id: number) => Promise<boolean> | undefined,
): Promise<readonly number[]> {
  const all = [...new Set(ids)]
  const inForce = await Promise.all(all.map(impose))
  return all.filter((_, index) => inForce[index] === false)
}
