/**
 * Manages the lives of a node that alone remembers them, and can lose one.
 *
 * A life that was lost starts with used numbers. When a neighbour shows that (own-life.ts), the next life begins, and
 * the messages typed in the one before are suspended: statuses no longer name them, so each neighbour sends the
 * messages that it has under those numbers. A text that comes back keeps its number. The node sends a text again in the
 * new life if others have another text under its number, or if no neighbour sent it for a round of anti-entropy. Third
 * nodes decide among themselves between the texts that they got meanwhile (disputes.ts).
 */
import { Disputes } from './disputes.ts'
import type { Effect, Identity } from './effects.ts'
import type { Arrival, Entry, LogListener, MessageLog } from './log.ts'
import { generationOf, type Origin, portOf } from './origin.ts'
import { OwnLife, type Shown } from './own-life.ts'
import type { Rumor, Status } from './wire.ts'

/** Actions of the machine that its lives need. */
export interface LivesMachine {
  isNeighbour(port: number): boolean
  effect(effect: Effect): void
  stored(arrival: Arrival): void
  /** Sends every neighbour a status. */
  greet(): void
  /** Stores and passes on a text as one that was typed here. */
  say(text: string, now: number): void
  /** Sends a message to the neighbours that have one under its number. */
  show(entry: Entry, now: number): void
}

export class Lives {
  /** Follows the changes of the log. */
  readonly listener: LogListener = {
    stored: (arrival) => {
      this.#machine.stored(arrival)
      this.#toReplace.push(...this.#disputes.takeDecidedBy(arrival))
    },
    displaced: (entry) => {
      this.#machine.effect({ kind: 'displaced', origin: entry.origin, seq: entry.seq })
      this.#disputes.show(entry.origin)
      const isMine = portOf(entry.origin) === portOf(this.#own.origin)
      if (isMine && !this.#disputes.isSaidAgain(entry)) this.#toSay.push(entry.text)
    },
  }
  readonly #machine: LivesMachine
  readonly #log: MessageLog
  readonly #own: OwnLife
  readonly #disputes: Disputes
  /** By suspended life: how much of it had come back at the last round of anti-entropy. */
  readonly #suspended = new Map<Origin, number>()
  /** Texts typed here that lost their numbers. */
  readonly #toSay: string[] = []
  /** Texts that take their numbers from others. */
  readonly #toReplace: Arrival[] = []

  constructor(identity: Identity, log: MessageLog, machine: LivesMachine) {
    this.#own = new OwnLife(identity)
    this.#log = log
    this.#disputes = new Disputes(log)
    this.#machine = machine
  }

  /** The origin of messages typed in the present life. */
  get origin(): Origin {
    return this.#own.origin
  }

  /**
   * Returns whether a rumor falsely claims to be from this life or a later one, and does not show that a life was lost.
   */
  isForged(rumor: Rumor, now: number, antiEntropyMs: number): boolean {
    if (!this.#own.isContradictedBy(rumor, this.#log)) return false
    return !this.#goBeyond({ generation: generationOf(rumor.origin), by: rumor.sender }, now, antiEntropyMs)
  }

  noteStatus(status: Status, now: number, antiEntropyMs: number) {
    const generation = this.#own.lifeShownBy(status, this.#log)
    if (generation !== undefined) this.#goBeyond({ generation, by: status.sender }, now, antiEntropyMs)
  }

  /** Begins the next life, unless the evidence is not credible. */
  #goBeyond(shown: Shown, now: number, antiEntropyMs: number): boolean {
    const lost = this.#own.origin
    if (!this.#machine.isNeighbour(shown.by) || !this.#own.goBeyond(shown, now, antiEntropyMs)) return false
    this.#machine.effect({ kind: 'new-life', generation: generationOf(this.#own.origin), shownBy: shown.by })
    this.#log.suspend(lost)
    this.#suspended.set(lost, -1)
    this.#machine.greet()
    return true
  }

  /** Takes another text for a stored number. The sender of a new text should learn which one is stored here. */
  dispute(rival: Arrival): 'takes the number' | 'is new' | 'is known' {
    const isHeard = this.#own.isRemembered && rival.from !== null && this.#machine.isNeighbour(rival.from)
    if (!isHeard) return 'is known'
    const verdict = this.#disputes.weigh(rival, this.#log.text(rival.origin, rival.seq) ?? '')
    if (verdict === 'takes the number') this.#toReplace.push(rival)
    return verdict
  }

  /** Carries out all decisions, including those that arise on the way. */
  settle(now: number) {
    for (;;) {
      const arrival = this.#toReplace.shift()
      const text = arrival ? undefined : this.#toSay.shift()
      if (arrival) this.#log.replace(arrival, this.listener)
      else if (text !== undefined) this.#machine.say(text, now)
      else return
    }
  }

  /** Runs the part of a round of anti-entropy that concerns lives. */
  noteRound(now: number, antiEntropyMs: number) {
    const shown = this.#own.shownBefore(now)
    if (shown) this.#goBeyond(shown, now, antiEntropyMs)
    for (const [origin, before] of this.#suspended) {
      const low = this.#log.lowestNotSeen(origin)
      this.#suspended.set(origin, low)
      if (low === before) this.#endSuspension(origin)
    }
    this.settle(now)
    for (const entry of this.#disputes.takeToShow()) this.#machine.show(entry, now)
  }

  /** Sends all suspended texts again before the node ends. */
  end(now: number) {
    for (const origin of this.#suspended.keys()) this.#endSuspension(origin)
    this.settle(now)
  }

  #endSuspension(origin: Origin) {
    this.#suspended.delete(origin)
    this.#log.dropSuspended(origin, this.listener)
  }
}
