/** Finds programs that need a word on the page. */
import type { LabState, NodeState } from '../../shared/model/lab-state.ts'
import { runs } from '../../shared/model/reach.ts'

/** Returns the nodes that run an older build than the file is now. */
export const outdatedIds = ({ nodes }: Pick<LabState, 'nodes'>): readonly number[] =>
  nodes.filter(({ outdated }) => outdated).map(({ id }) => id)

/** Returns the nodes whose programs were started before the network grew: they do not know their new neighbours. */
export const tooSmallIds = ({ nodes, settings }: Pick<LabState, 'nodes' | 'settings'>): readonly number[] =>
  nodes.filter((node) => runs(node) && (node.startedFor ?? Infinity) < (settings?.n ?? 0)).map(({ id }) => id)

/** Whether the lab sees no datagrams of a program, for a reason that its node says. */
export const needsGate = (node: NodeState): boolean => runs(node) && typeof node.gate === 'string'

export const needsWord = (lab: Pick<LabState, 'nodes' | 'settings'>): boolean =>
  outdatedIds(lab).length + tooSmallIds(lab).length > 0 || lab.nodes.some(needsGate)
