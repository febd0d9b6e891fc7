/**
 * The smallest host: nodes in memory that forward each new message to their neighbours. It is the example for another
 * host, and passes the same contract suite (server/hosts/contract.test.ts).
 */
import { messageKey, originOf } from '../gossip/origin.ts'
import type { End, NodeFact } from '../model/event.ts'
import { MAX_NODES } from '../model/lab-settings.ts'
import { TOPOLOGIES } from '../model/topology.ts'
import type { Abilities } from './abilities.ts'
import { NodeEnded, type NodeEvents, type NodeHandle, type NodeHost, type NodeStart, SAME_CLOCK } from './node-host.ts'
import { LabRefusal, messageOf } from './refusal.ts'

/** Nodes that can only gossip. */
const ABILITIES: Abilities = {
  links: [],
  behaviours: [],
  timers: false,
  settings: false,
  key: false,
  topologies: TOPOLOGIES,
  neighbours: true,
  reports: true,
}

type Message = Pick<Extract<NodeFact, { type: 'stored' }>, 'origin' | 'seq' | 'text'>
type Receive = (from: number, message: Message) => void
/** By port: takers of lines, and takers of messages. */
type Ports = { readonly tcp: Map<number, Receive>; readonly udp: Map<number, Receive> }

/** `now` is the clock of the lab's machine. */
export function sampleHost(now: () => number): NodeHost {
  const ports: Ports = { tcp: new Map(), udp: new Map() }
  return {
    mostNodes: MAX_NODES,
    start: (start, events) => startNode(start, events, ports, now),
    async whyTaken({ n, basePort, rootId }, own) {
      const tcp = [...ports.tcp.keys()].filter((port) => port >= basePort && port < basePort + n && !own.tcp.has(port))
      const udp = [...ports.udp.keys()].filter((port) => port >= rootId && port < rootId + n && !own.udp.has(port))
      return tcp.length + udp.length > 0 ? `ports in use: ${[...tcp, ...udp].join(', ')}; take others` : undefined
    },
    async requireFree(tcp, udp) {
      if (ports.tcp.has(tcp) || ports.udp.has(udp)) throw new LabRefusal(`port ${tcp} or ${udp} is in use; take others`)
    },
    sockets: { at: async () => undefined, isTaken: async (port) => ports.udp.has(port) },
  }
}

function startNode(start: NodeStart, events: NodeEvents, { tcp, udp }: Ports, now: () => number): NodeHandle {
  const me = start.rootId + start.id
  const messages = new Map<string, Message>()
  let { neighbours } = start
  let end: End | undefined
  let resolveEnded = (_end: End) => {}
  const ended = new Promise<End>((resolve) => {
    resolveEnded = resolve
  })
  const report = (fact: NodeFact) => events.onReports([{ ...fact, at: now() }], SAME_CLOCK, () => {})
  const send = async (to: number, message: Message) => {
    const { origin, seq, text } = message
    const content = { kind: 'rumor', origin, seq } as const
    report({ type: 'sent', to, why: 'new', bytes: text.length, delayMs: 0, content, hash: seq })
    await null
    udp.get(to)?.(me, message)
  }
  const store = (message: Message, from: number | null) => {
    const key = messageKey(message.origin, message.seq)
    if (messages.has(key)) return
    messages.set(key, message)
    report({ type: 'stored', ...message, from })
    for (const to of neighbours) if (to !== from) void send(to, message)
  }
  const receive: Receive = (from, message) => {
    report({ type: 'received', from, bytes: message.text.length, hash: message.seq })
    store(message, from)
  }
  const open = (ports: Map<number, Receive>, port: number) => {
    if ((ports.get(port) ?? receive) !== receive) throw new LabRefusal(`port ${port} is in use`)
    ports.set(port, receive)
  }
  const mine = (ports: Map<number, Receive>) => [...ports.keys()].filter((port) => ports.get(port) === receive)
  const finish = (how: End): Promise<End> => {
    if (end) return ended
    end = how
    for (const ports of [tcp, udp]) for (const port of mine(ports)) ports.delete(port)
    events.onEnd(how, [])
    resolveEnded(how)
    return ended
  }
  const act = async <Result>(deed: () => Result): Promise<Result> => {
    if (end) throw new NodeEnded('the node has ended')
    return deed()
  }
  const begin = () => {
    open(udp, me)
    for (const port of start.tcp) open(tcp, port)
    report({ type: 'listening' })
  }
  // Reports later, because the lab must have its handle first.
  const ready = Promise.resolve().then(() => act(begin))
  ready.catch((error) => finish({ how: 'failed', why: messageOf(error) }))
  const said = () => [...messages.values()].filter(({ origin }) => origin === originOf(me, start.generation))
  return {
    can: ABILITIES,
    pid: null,
    ready,
    ended,
    get tcp() {
      return mine(tcp)
    },
    // It runs in the lab's own process, so it always responds.
    responsiveFor: () => (end ? 0 : Number.POSITIVE_INFINITY),
    msg: (_id, text) => act(() => store({ origin: originOf(me, start.generation), seq: said().length, text }, null)),
    chatLog: () => act(() => `chatLog ${[...messages.values()].map(({ text }) => text).join(',') || '<empty>'}`),
    listen: (port) => act(() => open(tcp, port)),
    unlisten: (port) => act(() => void tcp.delete(port)),
    release: () => Promise.reject(new LabRefusal('nothing is held here')),
    fail: async () => true,
    shareKey: async () => true,
    configure: (changes) => {
      neighbours = changes.neighbours
    },
    neighbourUp: (port) => {
      for (const message of end ? [] : messages.values()) void send(port, message)
    },
    stop: () => finish({ how: 'stopped' }),
    crash: () => finish({ how: 'crashed' }),
  }
}
