/** One life of a node in a world of shells: our shell around the protocol, or our links around a plain node. */
import type { Effect, Input } from '../gossip/gossip.ts'
import type { Entry } from '../gossip/log.ts'
import { bytesOf, decodeText } from '../gossip/text.ts'
import { encodeDatagram, rumorsIn } from '../gossip/wire.ts'
import { GossipNode } from '../node/gossip-node.ts'
import { LinkLayer } from '../node/link-layer.ts'
import type { NodeFaults } from '../node/node-faults.ts'
import type { NodeOptions } from '../node/node-options.ts'
import type { Timer } from '../node/platform.ts'
import { Tally } from '../node/tally.ts'
import { PlainNode } from './plain-node.ts'
import type { TraceEvent } from './trace.ts'
import type { VirtualProcess } from './virtual-process.ts'

export interface LifeOptions extends Omit<NodeOptions, 'watch' | 'onCrash' | 'deliver'>, VirtualProcess {
  readonly watch: (event: TraceEvent) => void
}

export interface Life {
  /** Resolves when it listens. */
  readonly ready: Promise<void>
  /** Returns its messages, in the canonical order. */
  entries(): readonly Entry[]
  type(text: string): void
  fail(faults: NodeFaults): void
  /** Ends it: like the crash command if it may send its last datagrams, like a kill if not. */
  end(lastWords: boolean): void
}

export function startShell({ watch, kill, ...options }: LifeOptions): Life {
  const { id, rootId, platform } = options
  const node: GossipNode = new GossipNode({
    ...options,
    onCrash: kill,
    watch: {
      onInput(input: Input) {
        for (const { origin, seq, text } of input.kind === 'datagram' ? rumorsIn(input.datagram) : []) {
          const held = node.log.text(origin, seq)
          if (held !== undefined && held !== text)
            watch({ at: platform.now(), type: 'contradicted', node: id, origin, seq })
        }
      },
      onEffect: (effect) => watch({ at: platform.now(), node: id, ...traceOf(effect, rootId) }),
    },
  })
  return {
    ready: node.start([]),
    entries: () => node.log.entries(),
    type: (text) => void node.msg(text),
    fail: (faults) => node.fail(faults),
    end: (lastWords) => (lastWords ? node.crash() : kill()),
  }
}

function traceOf(effect: Effect, rootId: number) {
  switch (effect.kind) {
    case 'report':
      return { type: 'fact', fact: effect.fact } as const
    case 'new-life':
      return { type: 'new-life', generation: effect.generation, shownBy: effect.shownBy - rootId } as const
    case 'displaced':
      return { type: 'displaced', origin: effect.origin, seq: effect.seq } as const
    case 'send':
      return { type: 'sent', to: effect.to - rootId, why: effect.why, what: effect.datagram } as const
  }
}

export function startPlain({ watch, kill, ...options }: LifeOptions): Life {
  const { id, rootId, port, platform } = options
  const plain = new PlainNode(port, options.neighbours, options.seed)
  let timer: Timer | undefined
  const send = (datagrams: readonly { readonly to: number; readonly text: string }[]) => {
    for (const { to, text } of datagrams) {
      watch({ at: platform.now(), type: 'sent', node: id, to: to - rootId, why: 'new', what: text })
      links.send({ to, why: 'new', bytes: bytesOf(text), content: { kind: 'malformed', preview: '' } })
    }
    platform.cancel(timer)
    timer = platform.after(Math.max(0, plain.wakeAt - platform.now()), () => send(plain.wake(platform.now())))
  }
  const links = new LinkLayer({
    ...options,
    tally: new Tally(),
    reporter: undefined,
    isNeighbour: () => true,
    onDatagram: (datagram) => send(plain.receive(encodeDatagram(datagram))),
  })
  return {
    ready: links.open().then(() => send(plain.start(platform.now()))),
    entries: () => plain.entries(),
    type(wire) {
      const seq = plain.typed
      const datagrams = plain.type(wire)
      // It reports nothing: this world watches what it stores.
      const fact = { type: 'stored', origin: port, seq, text: decodeText(wire), wire, from: null } as const
      watch({ at: platform.now(), type: 'fact', node: id, fact })
      send(datagrams)
    },
    fail: (faults) => links.configure({ faults }),
    end: kill,
  }
}
