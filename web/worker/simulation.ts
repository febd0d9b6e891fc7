/**
 * A lab of simulated nodes, whose clock a page paces. The clock moves in slices of some ms of people's time; a slice is
 * never interrupted, so commands come between two slices. The same experiment gives the same events, whatever the pace.
 */

import { DEFAULTS } from '../../shared/gossip/settings.ts'
import type { ClientSession, SessionPlatform } from '../../shared/lab/client-session.ts'
import { MAX_BACKLOG_BYTES } from '../../shared/lab/connection.ts'
import type { Outcome } from '../../shared/lab/executor.ts'
import { Sessions } from '../../shared/lab/sessions.ts'
import { explainMismatch } from '../../shared/language/condition.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { toMicroseconds } from '../../shared/model/microseconds.ts'
import { originOfFork } from '../../shared/sim/fork.ts'
import { type SimulatedLab, simulatedLab } from '../../shared/sim/simulated-lab.ts'
import { formatInstant } from '../../shared/text/format.ts'
import { type Experiment, MAX_EXPERIMENT_COMMANDS, type TimedCommand } from '../../shared/wire/experiment.ts'
import type { Beginning, FromWorker } from './messages.ts'
import { type Stop, TimedExecutor } from './timed-executor.ts'

/** Time between two slices, and the longest time that one works, in ms of people. */
const SLICE_MS = 8
const MOST_WORK_MS = 12
/** Time between two slices while the computer is too slow for the pace, in ms of people: messages come in it. */
const PAUSE_MS = 1
/** Longest time of people that a slice makes up for, in ms: a page in the background gets few slices. */
const LONGEST_SLICE_MS = 250
/** Fastest pace; the clock runs at it to a stop while it is paused otherwise. */
const FASTEST = 1_000
/** Longest way to the next event, in ms of the lab. */
const MOST_STEP_MS = 60_000

export interface SimulationOptions extends Beginning {
  /** The clock of the people who watch. */
  readonly people: SessionPlatform & { wallClock(): number }
  readonly tell: (message: FromWorker) => void
  readonly onFault: (error: unknown) => void
}

const settingsOf = ({ seed, n, topology, linkDelayMs }: Experiment): LabSettings => ({
  ...{ n, topology, linkDelayMs, seed },
  ...{ basePort: 20_000, rootId: 40_000, gossip: DEFAULTS },
})

/** Slowest pace that the lab reports, as a share of the wanted one. */
const SLOWEST = 2 ** -10

/**
 * Returns the pace to report to a page, whose clock must not run ahead of events that are still to come: the wanted one
 * halved until this computer keeps it, so that it seldom changes.
 */
function keptPace(wanted: number, kept: number): number {
  const share = 2 ** Math.floor(Math.log2(Math.max(SLOWEST, kept / wanted)))
  return wanted * Math.min(1, share)
}

/** The page's end of a connection. */
export interface PageEnd {
  send(text: string): void
  close(): void
}

export class Simulation {
  /** Resolves when the nodes run, and the clock has come to where it was to begin. */
  readonly ready: Promise<void>
  readonly lab: SimulatedLab['lab']
  readonly #machine: SimulatedLab['machine']
  readonly #options: SimulationOptions
  readonly #executor: TimedExecutor
  readonly #sessions: Sessions
  readonly #pages = new Set<ClientSession>()
  /** Commands of the experiment that are still to come. */
  #script: readonly TimedCommand[]
  #given: readonly TimedCommand[] = []
  #rate = 0
  /** Number of commands that are under way. */
  #underWay = 0
  #stop: (Stop & { readonly by: number; readonly resolve: (outcome: Outcome) => void }) | null = null
  #forwardTo: number
  #isStepping = false
  #isInSlice = false
  /** Whether the last slice had more to do than its time allowed. */
  #isBehind = false
  #slicedAt: number
  #timer: object | undefined

  constructor(options: SimulationOptions) {
    const { experiment, people, onFault, to } = options
    const { seed } = experiment
    const begun = options.from ? originOfFork(options.from, seed) : { settings: settingsOf(experiment) }
    const { lab, machine } = simulatedLab({ ...begun, seed, onFault, wallClock: () => people.wallClock() })
    this.lab = lab
    this.#machine = machine
    this.#options = options
    this.#script = experiment.commands
    this.#forwardTo = to
    this.#slicedAt = people.now()
    this.#executor = new TimedExecutor(lab, {
      during: (command) => this.#during(command),
      runTo: (stop) => this.#runTo(stop),
      given: (command) => this.#note({ ...command, at: machine.now() }),
    })
    this.#sessions = new Sessions({ lab, executor: this.#executor, platform: people })
    machine.rate = 0
    this.ready = this.#begin()
    this.#schedule()
  }

  /** Accepts a page. */
  open({ send, close }: PageEnd): ClientSession | undefined {
    const inSlice = () => this.#isInSlice
    const connection = {
      // One message a slice is enough.
      get waiting() {
        return inSlice() ? MAX_BACKLOG_BYTES + 1 : 0
      },
      send: ({ text }: { text: string }) => send(text),
      close,
    }
    const session = this.#sessions.open(connection, 'presenter')
    if (session) this.#pages.add(session)
    return session
  }

  pace(rate: number) {
    this.#rate = Math.min(FASTEST, Math.max(0, rate))
  }

  step() {
    this.#rate = 0
    this.#isStepping = true
  }

  async close() {
    this.#options.people.cancel(this.#timer)
    this.#sessions.close()
    await this.lab.close()
  }

  async #begin() {
    if (this.#options.from) await this.#during(this.lab.resume())
    else await this.#during(this.lab.startNetwork({}))
    await new Promise<void>((resolve) => {
      const look = () =>
        this.#machine.now() < this.#forwardTo ? this.#options.people.after(SLICE_MS, look) : resolve()
      look()
    })
  }

  async #during<T>(command: Promise<T>): Promise<T> {
    this.#underWay += 1
    try {
      return await command
    } finally {
      this.#underWay -= 1
    }
  }

  #note(command: TimedCommand) {
    // Beyond that, the experiment is longer than its address can be.
    if (this.#given.length < MAX_EXPERIMENT_COMMANDS) this.#given = [...this.#given, command]
    const { experiment, tell } = this.#options
    tell({ type: 'experiment', experiment: { ...experiment, commands: [...this.#given, ...this.#script] } })
  }

  #runTo(stop: Stop): Promise<Outcome> {
    this.#stop?.resolve({ ok: false, error: 'another line has replaced it' })
    return new Promise((resolve) => {
      this.#stop = { ...stop, by: this.#machine.now() + stop.withinMs, resolve }
    })
  }

  #schedule() {
    this.#timer = this.#options.people.after(this.#isBehind ? PAUSE_MS : SLICE_MS, () => {
      this.#slice()
        .catch(this.#options.onFault)
        .finally(() => this.#schedule())
    })
  }

  async #slice() {
    const { people } = this.#options
    const began = people.now()
    const elapsed = Math.min(LONGEST_SLICE_MS, began - this.#slicedAt)
    this.#slicedAt = began
    this.#isInSlice = true
    const pace = this.#pace()
    const { last } = this.lab.sequencer
    const isMoving = this.#isMoving()
    const goesOn = () => {
      if (this.#isStepping) return !this.#hasEventSince(last)
      if (this.#rate === 0 && !this.#runs() && this.#underWay === 0) return false
      // Slow motion begins with the first datagram.
      if (this.#rate > 0 && this.#rate < 1 && !isMoving && this.#isMoving()) return false
      return !this.#isAtStop() && people.now() - began < MOST_WORK_MS
    }
    // Rounding must not lead to before the present, whose events would then wait.
    const now = this.#machine.now()
    const wanted = Math.max(now, toMicroseconds(now + elapsed * pace))
    await this.#advance(wanted, goesOn)
    this.#isBehind = this.#machine.now() < wanted && people.now() - began >= MOST_WORK_MS
    this.#isStepping = false
    this.#checkStop()
    this.#isInSlice = false
    const shown = this.#pace()
    const kept = this.#isBehind ? keptPace(shown, (this.#machine.now() - now) / elapsed) : shown
    this.#machine.rate = this.#rate === 0 ? 0 : kept
    for (const page of this.#pages) page.feed()
    this.#sessions.sayRate()
  }

  async #advance(wanted: number, goesOn: () => boolean) {
    const machine = this.#machine
    const stopBy = this.#stop?.by ?? Number.POSITIVE_INFINITY
    const [command] = this.#script
    const isForward = machine.now() < this.#forwardTo
    const end = isForward ? this.#forwardTo : this.#isStepping ? machine.now() + MOST_STEP_MS : wanted
    await machine.advanceToAsync(Math.min(end, stopBy, command?.at ?? Number.POSITIVE_INFINITY), goesOn)
    if (!command || machine.now() < command.at) return
    this.#script = this.#script.slice(1)
    // The slice ends with it, as it does before a command of a person.
    void this.#executor.execute(command.line, command.by)
  }

  /** Whether the clock runs without a pace: to where it begins, or to a stop. */
  #runs(): boolean {
    return this.#machine.now() < this.#forwardTo || this.#stop !== null
  }

  /** Returns ms of the lab in a ms of people. */
  #pace(): number {
    const rate = this.#rate
    if (rate === 0 && this.#runs()) return FASTEST
    // A command must not wait for a stopped or very slow clock.
    if (rate < 1 && this.#underWay > 0) return 1
    // Slow motion shows datagrams; nobody waits for the next one.
    return rate > 0 && rate < 1 && !this.#isMoving() ? 1 : rate
  }

  #isMoving(): boolean {
    const now = this.lab.now()
    return Object.values(this.lab.sequencer.state.inFlight).some(({ arrivesAt }) => arrivesAt > now)
  }

  #hasEventSince(number: number): boolean {
    const events = this.lab.sequencer.read(number + 1, Number.MAX_SAFE_INTEGER)
    return events.some(({ type }) => type !== 'counters')
  }

  #isAtStop(): boolean {
    const condition = this.#stop?.condition
    return condition ? explainMismatch(this.lab.sequencer.state, condition) === undefined : false
  }

  #checkStop() {
    const stop = this.#stop
    if (!stop) return
    const isOver = this.#machine.now() >= stop.by
    if (!isOver && !this.#isAtStop()) return
    this.#stop = null
    this.#rate = 0
    this.#options.tell({ type: 'stopped' })
    const what = stop.condition && explainMismatch(this.lab.sequencer.state, stop.condition)
    if (what === null || what === undefined)
      stop.resolve({ ok: true, output: [`stopped at ${formatInstant(this.lab.now())}`] })
    else stop.resolve({ ok: false, error: `did not happen until ${formatInstant(this.lab.now())}; ${what}` })
  }
}
