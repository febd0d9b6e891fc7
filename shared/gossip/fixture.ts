/** Drives one machine in tests; the test plays its neighbours. */
import { type Effect, type Fact, Gossip, type Identity, type SendEffect } from './gossip.ts'
import type { Origin } from './origin.ts'
import { HANDOUT, type Settings } from './settings.ts'
import { type Datagram, encodeDatagram, type Pair, type Rumor, type Status } from './wire.ts'

export const ME = 40_001
export const LEFT = 40_000
export const RIGHT = 40_002

export const rumor = (sender: number, origin: Origin, seq: number, text = `${origin}.${seq}`): Rumor => ({
  kind: 'rumor',
  sender,
  origin,
  seq,
  text,
})

export const status = (sender: number, ...pairs: Pair[]): Status => ({ kind: 'status', sender, pairs, partial: false })

/** Wraps a machine that has made `effects` so far. Each call returns the effects of that call alone. */
export class TestNode {
  readonly gossip: Gossip
  now = 0

  constructor(settings: Partial<Settings> = {}, identity: Partial<Identity> = {}) {
    const whole = {
      port: ME,
      generation: 0,
      generationIs: 'counted' as const,
      seed: 1,
      neighbours: [LEFT, RIGHT],
      ...identity,
    }
    this.gossip = new Gossip(whole, { ...HANDOUT, ...settings })
  }

  start(): Effect[] {
    return this.gossip.step({ kind: 'start' }, this.now)
  }

  type(text: string): Effect[] {
    return this.gossip.step({ kind: 'message', text }, this.now)
  }

  receive(datagram: Datagram): Effect[] {
    return this.gossip.step({ kind: 'datagram', datagram }, this.now)
  }

  flushAcks(): Effect[] {
    return this.gossip.step({ kind: 'flush-acks' }, this.now)
  }

  /** Runs one whole turn, so arrivals are acknowledged. */
  turn(datagram: Datagram): Effect[] {
    return [...this.receive(datagram), ...this.flushAcks()]
  }

  /** Lets time pass, and gives the machine every wake that it asks for on the way. */
  pass(ms: number): Effect[] {
    const until = this.now + ms
    const effects: Effect[] = []
    while (this.gossip.wakeAt <= until) {
      this.now = Math.max(this.now, this.gossip.wakeAt)
      effects.push(...this.gossip.step({ kind: 'wake' }, this.now))
    }
    this.now = until
    return effects
  }
}

export const sends = (effects: readonly Effect[]): SendEffect[] =>
  effects.filter((effect): effect is SendEffect => effect.kind === 'send')

/** Returns the datagrams sent, one line each: `40000 <- rumor:...`. */
export const lines = (effects: readonly Effect[]): string[] =>
  sends(effects).map(({ to, datagram }) => `${to} <- ${encodeDatagram(datagram)}`)

export const facts = <Type extends Fact['type']>(
  effects: readonly Effect[],
  type: Type,
): Extract<Fact, { type: Type }>[] =>
  effects.flatMap((effect) => (effect.kind === 'report' && effect.fact.type === type ? [effect.fact] : [])) as Extract<
    Fact,
    { type: Type }
  >[]
