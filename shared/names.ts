/** Short names of messages and ports, as the lab's people know them: by node. */
import { generationOf, type Origin, portOf } from './gossip/origin.ts'
import type { LabState } from './lab-state.ts'

type Lab = Pick<LabState, 'settings' | 'nodes'>

/** `0.2`: the third message of node 0; `0+1.0` after its restart; a stranger's is named by its port. */
export function originName({ origin, seq }: { readonly origin: Origin; readonly seq: number }, lab: Lab): string {
  const generation = generationOf(origin)
  return `${portName(portOf(origin), lab)}${generation === 0 ? '' : `+${generation}`}.${seq}`
}

/** The messages of one origin from `from` up to but not including `to`: '0.1', '0.1 and 0.2', '0.1 to 0.4'. */
export function originNames(origin: Origin, from: number, to: number, lab: Lab): string {
  const first = originName({ origin, seq: from }, lab)
  if (to - from === 1) return first
  return `${first} ${to - from === 2 ? 'and' : 'to'} ${originName({ origin, seq: to - 1 }, lab)}`
}

/** A node's id; a stranger's port. */
export function portName(port: number, { settings, nodes }: Lab): string {
  const id = port - (settings?.rootId ?? 0)
  return nodes[id] ? `${id}` : `:${port}`
}
