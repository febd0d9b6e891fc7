/** Finds out until when a node could still have influenced others: by the datagrams that arrived. */
import type { EventOf, LabEvent } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { Finding } from './finding.ts'

/**
 * Returns, by node, the time after which nothing at the node can have mattered to a finding, in ms of the lab: no
 * datagram that it sent later arrived, over any number of nodes, before the finding. Infinity where that is not known,
 * because the lab did not see all datagrams of each node.
 */
export function timesThatMatter(
  { nodes, foundAt, until }: Finding,
  { rootId }: Pick<LabSettings, 'rootId'>,
  events: readonly LabEvent[],
): (node: number) => number {
  const past = events.filter(({ n }) => n <= until)
  if (!isAllSeen(past)) return () => Number.POSITIVE_INFINITY
  const sent = new Map(past.flatMap((event) => (event.type === 'sent' ? [[event.n, event] as const] : [])))
  const matters = new Map(nodes.map((id) => [id, foundAt]))
  const arrivals = past.filter((event): event is EventOf<'received'> => event.type === 'received')
  for (const { node, at, datagram, from } of arrivals.sort((a, b) => b.at - a.at)) {
    if (at > (matters.get(node) ?? Number.NEGATIVE_INFINITY)) continue
    const origin = datagram === null ? undefined : sent.get(datagram)
    const sender = origin?.node ?? from - rootId
    matters.set(sender, Math.max(matters.get(sender) ?? Number.NEGATIVE_INFINITY, origin?.at ?? at))
  }
  return (node) => matters.get(node) ?? Number.NEGATIVE_INFINITY
}

/** Programs may also talk in other ways than by datagrams: only those that sent some are known. */
function isAllSeen(events: readonly LabEvent[]): boolean {
  const unseen = new Set<number>()
  for (const event of events) {
    if (event.type === 'sampling' && event.every > 1) return false
    if (event.type === 'starting' && event.program) {
      if (event.gate !== true) return false
      unseen.add(event.node)
    }
    if (event.type === 'sent') unseen.delete(event.node)
  }
  return unseen.size === 0
}
