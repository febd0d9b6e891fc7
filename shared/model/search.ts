/** Returns how many items of a sorted list are wanted. Those that are wanted must all come first. */
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
