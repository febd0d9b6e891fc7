/** How many of a sorted list are wanted: they all come before those that are not. */
export function countWhile<Item>(items: readonly Item[], wanted: (item: Item) => boolean): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && wanted(item)) low = middle + 1
    else high = middle
  }
  return low
}
