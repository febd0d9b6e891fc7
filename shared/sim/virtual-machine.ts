/**
 * A machine on the simulator's time: timers fire in order when the caller advances the time, and code takes no time in
 * between. Its checksum and its MAC are stand-ins: they distinguish bytes and keep no secret.
 */
import { bytesOf } from '../gossip/text.ts'
import type { Mac, Platform, Timer } from '../node/platform.ts'
import { EventQueue } from './queue.ts'

interface Alarm {
  readonly call: () => void
  /** Interval of a repeating timer, in ms. */
  readonly every?: number
  isCancelled: boolean
}

/** Number of promise turns that can follow one another in one instant. */
const TURNS = 20

/** The sockets of a machine. */
export type Sockets = Pick<Platform, 'openUdp' | 'openLines'>

export class VirtualMachine implements Platform {
  readonly #alarms = new EventQueue<Alarm>()
  #now: number
  /** Pace of its time for people, as the caller sets it: 1 is real time, 0 is stopped. */
  rate = 1
  readonly openUdp: Platform['openUdp']
  readonly openLines: Platform['openLines']

  /** `now` is the time at which it begins, in ms. */
  constructor({ openUdp, openLines }: Sockets, now = 0) {
    this.#now = now
    this.openUdp = openUdp
    this.openLines = openLines
  }

  readonly now = (): number => this.#now

  readonly wallClock = (): number => Math.floor(this.#now)

  readonly after = (ms: number, call: () => void): Timer => this.#add(ms, { call, isCancelled: false })

  readonly every = (ms: number, call: () => void): Timer => this.#add(ms, { call, every: ms, isCancelled: false })

  readonly afterInput = (call: () => void): void => void this.after(0, call)

  readonly cancel = (timer: Timer | undefined): void => {
    if (timer) (timer as Alarm).isCancelled = true
  }

  readonly encode = bytesOf

  readonly checksum = (bytes: Uint8Array, start: number): number => hash(bytes, start)

  readonly memoryBytes = (): number => 0

  readonly openMac = async (key: string): Promise<Mac> => {
    const secret = hash(bytesOf(key), 1)
    const of = (receiver: number, bytes: Uint8Array) => {
      const words = [0, 1, 2].map((round) =>
        hash(bytes, (secret ^ receiver) + round)
          .toString(36)
          .padStart(7, '0'),
      )
      return `${words.join('')}_`
    }
    return { of, isOf: (mac, receiver, bytes) => mac === of(receiver, bytes) }
  }

  /** Time of the next timer; Infinity when there is none. */
  get nextAt(): number {
    return this.#alarms.nextAt
  }

  /** Advances the time; due timers fire at their own times. */
  advance(ms: number) {
    const end = this.#now + ms
    while (this.#alarms.nextAt <= end) this.next()
    this.#now = end
  }

  /** Advances the clock by `ms`. Pending promises continue in between, as far as they can without a timer. */
  advanceAsync(ms: number): Promise<void> {
    return this.advanceToAsync(this.#now + ms)
  }

  /**
   * Advances the clock to an instant, as `advanceAsync` does. `goesOn` is called after each instant in which something
   * happened: if it returns false, the clock stops there.
   */
  async advanceToAsync(end: number, goesOn: () => boolean = () => true) {
    await takeTurns()
    while (this.#alarms.nextAt <= end) {
      const at = this.#alarms.nextAt
      while (this.#alarms.nextAt <= at) {
        this.next()
        await takeTurns()
      }
      if (!goesOn()) return
    }
    this.#now = Math.max(this.#now, end)
  }

  /**
   * Advances the time until a promise is fulfilled or rejected, and returns its outcome.
   * @throws (rejects) when that takes more than so many ms.
   */
  async advanceUntil<T>(promise: Promise<T>, mostMs = 60_000): Promise<T> {
    const end = this.#now + mostMs
    let isSettled = false
    const settle = () => {
      isSettled = true
    }
    promise.then(settle, settle)
    await takeTurns()
    while (!isSettled) {
      if (this.#alarms.nextAt > end) throw new Error(`nothing came of it within ${mostMs} ms`)
      this.next()
      await takeTurns()
    }
    return promise
  }

  /** Advances the time to the next timer, or so much later: this process had to wait for a core. */
  next(lateMs = 0) {
    const at = this.#alarms.nextAt
    const alarm = this.#alarms.pop()
    if (!alarm || alarm.isCancelled) return
    this.#now = Math.max(this.#now, at + lateMs)
    if (alarm.every !== undefined) this.#alarms.push(at + alarm.every, alarm)
    alarm.call()
  }

  #add(ms: number, alarm: Alarm): Alarm {
    this.#alarms.push(this.#now + ms, alarm)
    return alarm
  }
}

async function takeTurns() {
  for (let turn = 0; turn < TURNS; turn += 1) await null
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, start: number): number {
  let sum = (0x811c9dc5 ^ start) >>> 0
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0
  return sum
}

/** Used by processes that open no sockets. */
export const NO_SOCKETS: Sockets = {
  openUdp: () => Promise.reject(new Error('this machine has no sockets')),
  openLines: () => Promise.reject(new Error('this machine has no sockets')),
}
