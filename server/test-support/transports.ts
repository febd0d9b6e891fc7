/** Two ends and a link between them, over real UDP and twice simulated: one contract covers all three. */
import { onTestFinished } from 'vitest'
import { MAX_DATAGRAM_BYTES } from '../../shared/gossip/limits.ts'
import { createRandom } from '../../shared/gossip/random.ts'
import { type Datagram, encodeDatagram, parseDatagram } from '../../shared/gossip/wire.ts'
import type { Release } from '../../shared/language/command-faults.ts'
import { HEALTHY, type LinkCondition } from '../../shared/model/fault.ts'
import { LinkLayer } from '../../shared/node/link-layer.ts'
import { NO_FAULTS } from '../../shared/node/node-faults.ts'
import type { Platform } from '../../shared/node/platform.ts'
import { Tally } from '../../shared/node/tally.ts'
import { Links } from '../../shared/sim/links.ts'
import { type InTheAir, Network } from '../../shared/sim/network.ts'
import { EventQueue } from '../../shared/sim/queue.ts'
import { NO_SOCKETS, VirtualMachine } from '../../shared/sim/virtual-machine.ts'
import { startVirtualProcess } from '../../shared/sim/virtual-process.ts'
import { VirtualWire } from '../../shared/sim/virtual-wire.ts'
import { machine } from '../node/machine.ts'
import { freePorts } from './ports.ts'

/** One end of the link; `nobody` has no end. */
export type End = 0 | 1
export const NOBODY = 2

export interface Arrived {
  readonly text: string
  /** In ms, by the transport's clock. */
  readonly at: number
}

export interface Transport {
  readonly now: () => number
  send(from: End, to: End | typeof NOBODY, text: string): void
  /** Sets the faults of the direction from one end to the other; missing fields are healthy. */
  set(from: End, condition: Partial<LinkCondition>): void
  release(from: End, ticket: number, how: Release): boolean
  /** Resolves when so many have arrived in all, with all arrivals. */
  arrivals(at: End, count: number): Promise<readonly Arrived[]>
}

/** Queues arrivals at one end for the waiting test. */
class Inbox {
  readonly #arrived: Arrived[] = []
  readonly #waiting: { readonly count: number; readonly resolve: (all: readonly Arrived[]) => void }[] = []

  get arrived(): readonly Arrived[] {
    return [...this.#arrived]
  }

  put(datagram: Datagram, at: number) {
    this.#arrived.push({ text: encodeDatagram(datagram), at })
    for (const { count, resolve } of this.#waiting) if (this.#arrived.length >= count) resolve(this.arrived)
  }

  until(count: number): Promise<readonly Arrived[]> {
    if (this.#arrived.length >= count) return Promise.resolve(this.arrived)
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }
}

/** Two link layers, as two nodes have them, in this process. */
export async function overUdp(): Promise<Transport> {
  const { udp } = await freePorts(3)
  return linked(machine, udp, (arrived) => arrived)
}

/** The same on a virtual machine, whose time advances during waits. */
export async function overVirtualWire(): Promise<Transport> {
  const virtual = new VirtualMachine(NO_SOCKETS)
  const { platform } = startVirtualProcess(virtual, new VirtualWire(virtual))
  return linked(platform, 40_000, (arrived) => virtual.advanceUntil(arrived))
}

/** `during` advances the time until a promise is fulfilled or rejected. */
async function linked(
  platform: Platform,
  rootId: number,
  during: <T>(promise: Promise<T>) => Promise<T>,
): Promise<Transport> {
  const inboxes = [new Inbox(), new Inbox()] as const
  const ends = [0, 1].map(
    (id) =>
      new LinkLayer({
        platform,
        port: rootId + id,
        rootId,
        linkDelayMs: 0,
        faults: NO_FAULTS,
        seed: 1 + id,
        tally: new Tally(),
        reporter: undefined,
        isNeighbour: () => true,
        onDatagram: (datagram) => inboxes[id]?.put(datagram, platform.now()),
      }),
  )
  await Promise.all(ends.map((end) => end.open()))
  onTestFinished(() => {
    for (const end of ends) end.close(() => {})
  })
  return {
    now: platform.now,
    send: (from, to, text) =>
      ends[from]?.send({
        to: rootId + to,
        why: 'new',
        bytes: Buffer.from(text),
        content: { kind: 'malformed', preview: '' },
      }),
    set: (from, condition) => {
      const to = 1 - from
      const whole = { ...HEALTHY, ...condition }
      ends[from]?.configure({ faults: { ...NO_FAULTS, to: { [rootId + to]: whole } } })
      ends[to]?.configure({ faults: { ...NO_FAULTS, from: { [rootId + from]: whole } } })
    },
    release: (from, ticket, how) => ends[from]?.release(ticket, how) ?? false,
    arrivals: (at, count) => during(inboxes[at].until(count)),
  }
}

/** The network of the simulator on a clock that advances during waits. */
export async function simulated(): Promise<Transport> {
  const inboxes = [new Inbox(), new Inbox()] as const
  const queue = new EventQueue<InTheAir>()
  let time = 0
  const network = new Network({
    links: new Links({}, 0),
    random: createRandom(1),
    now: () => time,
    mostBytes: () => MAX_DATAGRAM_BYTES,
    schedule: (datagram, delayMs) => queue.push(time + delayMs, datagram),
    onArrival: (to, what) => {
      const datagram = typeof what === 'string' ? parseDatagram(Buffer.from(what)) : what
      if (datagram.kind !== 'malformed') inboxes[to]?.put(datagram, time)
    },
    onLost: () => {},
  })
  for (const end of [0, 1]) network.open(end)
  const next = () => {
    time = Math.max(time, queue.nextAt)
    const datagram = queue.pop()
    if (datagram) network.arrive(datagram)
  }
  return {
    now: () => time,
    send: (from, to, text) => network.send(from, to, text),
    set: (from, condition) => network.change(from, 1 - from, { ...HEALTHY, ...condition }),
    release: (from, ticket, how) => network.release(from, ticket, how),
    arrivals: (at, count) => {
      while (inboxes[at].arrived.length < count && queue.size > 0) next()
      return inboxes[at].until(count)
    },
  }
}
