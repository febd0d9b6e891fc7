/** For tests: one machine with its neighbours played by the test. */
import { type Effect, type Fact, Gossip, type Identity, type SendEffect } from './gossip.ts'
import type { Origin } from './origin.ts'
import { HANDOUT, type Settings } from './settings.ts'
import { encodeDatagram, type Pair, type Rumor, type Status } from './wire.ts'

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

/** A machine that has done `effects` so far; each call gives what that call made it do. */
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

  receive(datagram: Rumor | Status): Effect[] {
    return this.gossip.step({ kind: 'datagram', datagram }, this.now)
  }

  flushAcks(): Effect[] {
    return this.gossip.step({ kind: 'flush-acks' }, this.now)
  }

  /** A turn of its own: what arrives is acknowledged. */
  turn(datagram: Rumor | Status): Effect[] {
    return [...this.receive(datagram), ...this.flushAcks()]
  }

  /** Lets time pass, with every wake that the machine wants on the way. */
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
