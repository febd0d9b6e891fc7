/**
 * Events and states of version 1 have other words: `arrow` for the number of the event that sent a datagram, `dropped` for
 * a datagram that was rejected, `held` for the number of messages that a node has. This gives them the words of today, so
 * that one schema reads both. It checks nothing: whatever it does not know it passes on, for the schema to refuse.
 */

type Fields = Record<string, unknown>

const hasFields = (json: unknown): json is Fields => typeof json === 'object' && json !== null && !Array.isArray(json)

export function eventOfToday(json: unknown): unknown {
  if (!hasFields(json)) return json
  const { type, counters } = json
  if (type === 'counters') return { ...json, counters: countersOfToday(counters) }
  if (type === 'dropped') return renamed({ ...json, type: 'rejected' }, 'arrow', 'datagram')
  return type === 'received' || type === 'lost' || type === 'airborne' ? renamed(json, 'arrow', 'datagram') : json
}

export function stateOfToday(json: unknown): unknown {
  if (!hasFields(json)) return json
  const { nodes, inFlight } = json
  return {
    ...json,
    nodes: Array.isArray(nodes) ? nodes.map(nodeOfToday) : nodes,
    inFlight: hasFields(inFlight)
      ? Object.fromEntries(Object.entries(inFlight).map(([n, datagram]) => [n, renamed(datagram, 'arrow', 'id')]))
      : inFlight,
  }
}

function nodeOfToday(json: unknown): unknown {
  if (!hasFields(json)) return json
  const { counters } = json
  return renamed({ ...json, counters: countersOfToday(counters) }, 'held', 'messages')
}

const countersOfToday = (json: unknown): unknown => renamed(json, 'datagramsDropped', 'datagramsRejected')

function renamed(json: unknown, before: string, today: string): unknown {
  if (!hasFields(json) || !Object.hasOwn(json, before)) return json
  const { [before]: value, ...others } = json
  return { ...others, [today]: value }
}
