/** Makes a node misbehave; the code is around the protocol, not in it. */

import type { Effect } from '../../gossip/gossip.ts'
import type { Random } from '../../gossip/random.ts'
import type { Behaviour } from '../../model/fault.ts'
import type { Outgoing } from '../outgoing.ts'
import type { Platform, Timer } from '../platform.ts'
import { babble } from './babble.ts'
import { flood } from './flood.ts'
import { forge } from './forge.ts'
import { Replay } from './replay.ts'
import type { Knowledge, Trick } from './trick.ts'

/** Datagrams a second that a node sends, by kind of fault; hoarding sends none. */
const MISCHIEF_PER_SECOND = { forge: 2, replay: 20, flood: 1_000, babble: 10 } as const

type Active = keyof typeof MISCHIEF_PER_SECOND

/** Shortest time between two turns of a trick, in ms; a faster trick sends several datagrams a turn. */
const SHORTEST_TURN_MS = 20

export class Misbehaviour {
  readonly #knowledge: Knowledge
  readonly #random: Random
  readonly #send: (datagram: Outgoing) => void
  readonly #platform: Pick<Platform, 'every' | 'cancel'>
  readonly #timers = new Map<Active, Timer>()
  readonly #replay = new Replay()
  readonly #tricks: Readonly<Record<Active, Trick>>
  #hoards = false

  constructor(
    knowledge: Knowledge,
    random: Random,
    platform: Pick<Platform, 'every' | 'cancel'>,
    send: (datagram: Outgoing) => void,
  ) {
    this.#platform = platform
    this.#knowledge = knowledge
    this.#random = random
    this.#send = send
    this.#tricks = { forge, flood, babble, replay: this.#replay.replay }
  }

  configure(behaviours: readonly Behaviour[]) {
    this.#hoards = behaviours.includes('hoard')
    for (const name of Object.keys(MISCHIEF_PER_SECOND) as Active[]) {
      const timer = this.#timers.get(name)
      if (behaviours.includes(name) === (timer !== undefined)) continue
      this.#platform.cancel(timer)
      if (timer) this.#timers.delete(name)
      else this.#begin(name)
    }
  }

  /**
   * A hoarder takes every message and answers with statuses, and sends no rumor. The beliefs of its machine about
   * silent neighbours are not reported.
   */
  withholds(effect: Effect): boolean {
    if (!this.#hoards) return false
    if (effect.kind === 'send') return effect.datagram.kind !== 'status'
    return effect.kind === 'report' && (effect.fact.type === 'silent' || effect.fact.type === 'coin')
  }

  /** Passes on an honest datagram, for replays. */
  note(datagram: Outgoing) {
    if (this.#timers.has('replay')) this.#replay.note(datagram)
  }

  #begin(name: Active) {
    const perSecond = MISCHIEF_PER_SECOND[name]
    const turn = Math.max(SHORTEST_TURN_MS, 1_000 / perSecond)
    const count = Math.round((turn * perSecond) / 1_000)
    const timer = this.#platform.every(turn, () => {
      for (let done = 0; done < count; done += 1) this.#play(this.#tricks[name])
    })
    this.#timers.set(name, timer)
  }

  #play(trick: Trick) {
    const [to] = this.#random.pick(this.#knowledge.neighbours, 1)
    const made = to === undefined ? undefined : trick(this.#knowledge, to, this.#random)
    if (to !== undefined && made) this.#send({ to, ...made })
  }
}
