/** Who can be reached from where: graphs as `neighbours[id]`. */

/** The part of the network that each node is in when the dead ones are taken out; -1 for a dead one. */
export function partsOf(neighbours: readonly (readonly number[])[], alive: readonly boolean[]): number[] {
  const part = alive.map(() => -1)
  for (let id = 0; id < alive.length; id += 1) {
    if (!alive[id] || part[id] !== -1) continue
    part[id] = id
    const todo = [id]
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      for (const neighbour of neighbours[next] ?? []) {
        if (!alive[neighbour] || part[neighbour] !== -1) continue
        part[neighbour] = id
        todo.push(neighbour)
      }
    }
  }
  return part
}

/** Links from one node to each other one on the shortest way; Infinity where there is none. */
export function distancesFrom(neighbours: readonly (readonly number[])[], from: number): number[] {
  const distance = neighbours.map(() => Number.POSITIVE_INFINITY)
  if (neighbours[from]) distance[from] = 0
  const todo = [from]
  for (const id of todo) {
    for (const neighbour of neighbours[id] ?? []) {
      if (distance[neighbour] !== Number.POSITIVE_INFINITY) continue
      distance[neighbour] = (distance[id] ?? 0) + 1
      todo.push(neighbour)
    }
  }
  return distance
}
