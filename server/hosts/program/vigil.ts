/** Watches whether a running program answers, and says in words what is wrong with it. */
import { setTimeout as wait } from 'node:timers/promises'
import type { NodeEvents } from '../../../shared/lab/node-host.ts'
import { formatMs } from '../../../shared/text/format.ts'
import { now } from '../../platform/clock.ts'
import { Overload } from './overload.ts'
import { NO_TURN } from './program-link.ts'
import { type Hold, holdOf, udpPortsOf } from './system.ts'

/** Time between two looks at the process, in ms. */
const LOOK_EVERY_MS = 500
/** Time without an answer after which a program counts as one that does not answer, in ms. */
const SILENT_AFTER_MS = 3_000
/** The same on a machine that is too busy. */
const SILENT_WHEN_BUSY_MS = 12_000
/** Time without a connection after which a program counts as one that has closed it, in ms. */
const CLOSED_FOR_MS = 400
/** Time that a program gets to open its UDP port, in ms. */
const PORT_PATIENCE_MS = 2_000
/** Time that a signal gets to take effect, and between two looks, in ms. */
const SIGNAL_PATIENCE_MS = 1_000
const SIGNAL_LOOK_MS = 10
/** The root ids in use: of the report, and of the course's handout. */
const USUAL_ROOTS = [40_000, 20_000]

export interface VigilOptions {
  readonly id: number
  /** The port that the lab expects. */
  readonly udpPort: number
  /** Returns the process of the program and its children, and all that it ever started. */
  readonly pids: () => readonly number[]
  readonly allPids: () => readonly number[]
  /** Processes of the lab between the nodes. */
  readonly between: () => readonly number[]
  readonly isConnected: () => boolean
  readonly onAnswering: (answers: boolean, suspended?: Hold) => void
  readonly onOverloaded: (overloaded: boolean) => void
  readonly onTrouble: NodeEvents['onTrouble']
}

export class Vigil {
  readonly #options: VigilOptions
  readonly #timer: NodeJS.Timeout
  readonly #began = now()
  readonly #overload: Overload
  #dueAt = now() + LOOK_EVERY_MS
  #heardAt = now()
  #heardSince = now()
  #why: string | undefined
  #hold: Hold | undefined
  /** The one that was reported last. */
  #toldHold: Hold | undefined
  #isOver = false
  /** Reason why the last look at the chat log failed. */
  #missed: string | undefined
  #answers = true
  #closedSince: number | undefined
  #portTrouble: string | undefined
  #hasLookedAtPorts = false

  constructor(options: VigilOptions) {
    this.#options = options
    this.#overload = new Overload(now())
    this.#overload.look(now(), this.#processes)
    this.#timer = setInterval(() => this.#lookInTime(), LOOK_EVERY_MS)
  }

  /** Returns the time after `at` for which it has answered without a pause, in ms. */
  responsiveFor(at: number): number {
    return this.#heardAt - Math.max(at, this.#heardSince)
  }

  stop() {
    this.#isOver = true
    clearInterval(this.#timer)
  }

  /** Reason why the process cannot act now, in words; undefined when it can. */
  get hold(): string | undefined {
    return this.#hold && holdWords(this.#hold, this.#options.id)
  }

  /** Resolves when the system says that the process is suspended, or that it is not; soon where the system does not say. */
  async untilSuspended(isSuspended: boolean): Promise<void> {
    for (let waited = 0; waited < SIGNAL_PATIENCE_MS && !this.#isOver; waited += SIGNAL_LOOK_MS) {
      this.#look()
      if ((this.#hold !== undefined) === isSuspended) return
      await wait(SIGNAL_LOOK_MS)
    }
  }

  /** Notes that the program has answered. */
  heard() {
    if (!this.#answers || this.#missed !== undefined) this.#heardSince = now()
    this.#heardAt = now()
    this.#missed = undefined
    if (!this.#answers) this.#look()
  }

  /** Notes that the program has not answered, or not with a chat log. */
  missed(why: string) {
    this.#missed = why
  }

  #lookInTime() {
    const { isBusy } = this.#overload
    const lateMs = now() - this.#dueAt
    this.#dueAt = now() + LOOK_EVERY_MS
    this.#overload.look(now(), this.#processes, lateMs)
    if (this.#overload.isBusy !== isBusy) this.#options.onOverloaded(!isBusy)
    this.#look()
  }

  #look() {
    if (this.#isOver) return
    const pids = this.#options.pids()
    const [hold] = pids.flatMap((pid) => holdOf(pid) ?? [])
    // It could not answer while it was suspended.
    if (hold === undefined && this.#hold !== undefined) this.#missed = undefined
    this.#hold = hold
    const isSilent = this.#missed !== undefined && now() - this.#heardAt >= this.#patienceMs
    const silence = isSilent ? `${this.#missed}. It last answered ${formatMs(now() - this.#heardAt)} ago` : undefined
    const closed = this.#hasClosed() ? 'it has closed its TCP connection, and takes no new one' : undefined
    if (!this.#hasLookedAtPorts && now() - this.#began > PORT_PATIENCE_MS) this.#lookAtPorts()
    this.#tell(this.hold ?? closed ?? silence, this.#portTrouble, this.hold === undefined && this.#missed !== NO_TURN)
  }

  /** A program may close its connection and take another one at once. */
  #hasClosed(): boolean {
    if (this.#options.isConnected()) this.#closedSince = undefined
    else this.#closedSince ??= now()
    return this.#closedSince !== undefined && now() - this.#closedSince >= CLOSED_FOR_MS
  }

  get #processes(): readonly number[] {
    return [...this.#options.pids(), ...this.#options.between()]
  }

  get #patienceMs(): number {
    return this.#overload.isBusy ? SILENT_WHEN_BUSY_MS : SILENT_AFTER_MS
  }

  #tell(silence: string | undefined, other: string | undefined, isFree: boolean) {
    const answers = silence === undefined
    if (answers !== this.#answers || this.#hold !== this.#toldHold) this.#options.onAnswering(answers, this.#hold)
    this.#answers = answers
    this.#toldHold = this.#hold
    const why = silence ?? other
    // The time since the last answer grows. Only the first report has it.
    if (kindOf(why) === kindOf(this.#why)) return
    this.#why = why
    this.#options.onTrouble(why ?? null, isFree && !answers ? 'tcp' : undefined)
  }

  /** A program with another root id gossips with nobody of this lab. */
  #lookAtPorts() {
    this.#hasLookedAtPorts = true
    const { id, udpPort, allPids } = this.#options
    const ports = udpPortsOf(allPids())
    const root = USUAL_ROOTS.find((one) => ports.includes(one + id))
    if (root === undefined || ports.includes(udpPort)) return
    this.#portTrouble = `it gossips on UDP port ${root + id} and not on ${udpPort}: start the lab with --root-id ${root}`
  }
}

const kindOf = (why: string | undefined) => why?.replace(/\. It last answered.*$/, '')

const holdWords = (hold: Hold, id: number): string =>
  hold === 'debugger'
    ? 'a debugger has suspended it'
    : `a signal has suspended it: ${id} signal CONT lets it go on, and so does kill -CONT`
