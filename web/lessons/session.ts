/** The session of a lesson: present scene, predictions and outcomes. It is independent of React. */

import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Scene } from '../../shared/language/lesson.ts'
import type { ScenarioLine } from '../../shared/language/scenario.ts'
import { runScenario } from '../../shared/language/scenario-run.ts'
import { COUNTERS_EVERY_MS } from '../../shared/model/counters.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { judge, needsCounters } from '../model/lessons/claims.ts'
import { atPace, type Pace } from '../model/lessons/pace.ts'
import { type Guess, type Memo, mayGoOn, type Outcome, type SessionState } from '../model/lessons/session-state.ts'
import type { Span } from '../model/time/span.ts'
import type { LoadedLesson } from './library.ts'
import { type LessonHost, landed } from './live.ts'
import { keyStep, setupOf } from './setup.ts'

const NOTHING: Outcome = { otherwise: [], printed: [], right: [], wrong: [], revealed: [], figures: [], span: null }

export interface Session extends StoreApi<SessionState> {
  readonly lesson: LoadedLesson['lesson']
  /** Begins, unless it was restored after a reload. */
  start(): Promise<void>
  /** Begins, or begins again: makes the network. */
  begin(): Promise<void>
  /** Returns the data that restore this session after a reload. */
  memo(): Memo
  /** Notes that the network is gone, for example after a restart of the lab. */
  interrupt(): void
  /** Acts as the Next button: runs this scene, or goes to the next one. */
  next(): void
  /** Acts as Page down: the Next button, except that the first press at an unanswered question only skips it. */
  pageDown(): void
  back(): void
  choose(choice: number): void
  raise(choice: number, by: 1 | -1): void
  /** Ends the present run. */
  stop(): void
}

/** Time by which every node has reported its counters, on a busy machine. */
const COUNTERS_TOLD_MS = COUNTERS_EVERY_MS + 500
const MOST_HANDS = 999

export function createSession(
  { lesson }: LoadedLesson,
  pace: Pace,
  surroundings: LessonHost,
  memo: Memo | null = null,
): Session {
  const { scenes } = lesson
  const fresh = (): SessionState => ({
    place: 0,
    phase: 'preparing',
    now: null,
    guesses: scenes.map(({ question }) => ({
      chosen: null,
      hands: question?.choices.map(() => 0) ?? [],
      isSkipped: false,
    })),
    outcomes: scenes.map(() => null),
    problems: [],
    isBroken: false,
  })
  const isDone = ({ place, outcomes }: Pick<SessionState, 'place' | 'outcomes'>) =>
    place >= scenes.length || outcomes[place] !== null
  function resumed({ place, guesses, outcomes, isBroken }: Memo): SessionState {
    const phase = isDone({ place, outcomes }) ? 'shown' : 'telling'
    return { ...fresh(), place, guesses, outcomes, isBroken, phase }
  }
  const store = createStore<SessionState>(() => (memo ? resumed(memo) : fresh()))
  let running = new AbortController()
  let prepared = new Set(memo?.prepared)
  /** Time of the last carried-out lines. */
  let quietSince = 0

  /** Carries lines out. Returns unmet expectations, and the output. */
  async function carryOut(steps: readonly ScenarioLine[]): Promise<{ problems: string[]; printed: string[] }> {
    const { signal } = running
    const problems: string[] = []
    const printed: string[] = []
    const world = surroundings.world({
      print: (line, { text }) => printed.push(`${text.trim()}: ${line}`),
      complain: (what, { text }) => problems.push(`${text.trim()}: ${what}`),
      async mayGoOn(step) {
        store.setState({ now: { step, since: surroundings.now() } })
        return true
      },
      signal,
    })
    await runScenario(atPace(steps, pace), world)
    if (!signal.aborted) await world.flushed()
    quietSince = surroundings.now()
    return { problems, printed }
  }

  /** Resolves when the counters include all effects. */
  function countersTold(): Promise<void> {
    const { signal } = running
    const left = quietSince + COUNTERS_TOLD_MS - surroundings.now()
    if (left <= 0) return Promise.resolve()
    store.setState({ phase: 'measuring', now: null })
    return new Promise((resolve) => {
      const forget = surroundings.later(resolve, left)
      const end = () => {
        forget()
        resolve()
      }
      signal.addEventListener('abort', end, { once: true })
    })
  }

  async function begin() {
    running.abort()
    running = new AbortController()
    const { signal } = running
    prepared = new Set()
    store.setState(fresh())
    const { keyed = false } = surroundings.lab().settings ?? {}
    const { problems } = await carryOut(setupOf(lesson, keyed))
    if (signal.aborted) return
    // A refusal has no side effects: the present network gets its key back.
    if (problems.length > 0 && keyed) await carryOut([keyStep(true)])
    if (problems.length > 0) store.setState({ phase: 'stuck', problems, now: null })
    else await tell(0)
  }

  /** Makes the network that a scene needs: its own if it has one, otherwise as the earlier scenes left it. */
  async function prepare(place: number): Promise<boolean> {
    const { isBroken } = store.getState()
    const { keyed = false } = surroundings.lab().settings ?? {}
    const own = scenes[place]?.prepare ?? []
    const isOwn = own.length > 0 && (isBroken || !prepared.has(place))
    // Unmet expectations of earlier scenes have been reported already.
    const before = scenes.slice(0, place).flatMap((scene) => [...scene.prepare, ...scene.steps])
    const again = isBroken ? [...setupOf(lesson, keyed), ...before.filter(({ kind }) => kind !== 'expect')] : []
    const steps = [...again, ...(isOwn ? own : [])]
    if (steps.length === 0) return true
    const { signal } = running
    store.setState({ phase: 'preparing', now: null })
    const { problems } = await carryOut(steps)
    if (signal.aborted) return false
    if (problems.length > 0) {
      store.setState({ phase: 'stuck', problems, now: null })
      return false
    }
    if (isOwn) prepared.add(place)
    store.setState({ isBroken: false })
    return true
  }

  /** Shows a scene that has not run. */
  async function tell(place: number) {
    if (await prepare(place)) store.setState({ phase: 'telling', now: null })
  }

  async function run(place: number, scene: Scene) {
    const { signal } = running
    if (store.getState().isBroken && !(await prepare(place))) return
    const counts = needsCounters(scene)
    if (counts) await countersTold()
    const before = surroundings.lab()
    store.setState({ phase: 'running' })
    const { problems, printed } = await carryOut(scene.steps)
    await landed(surroundings, signal)
    const span = spanOf(before, surroundings.lab())
    if (!signal.aborted && counts) await countersTold()
    if (signal.aborted) return
    const { differences, ...judged } = judge(scene, before, surroundings.lab(), problems.length > 0)
    const outcome = { ...judged, otherwise: [...problems, ...differences], printed, span }
    store.setState(({ outcomes }) => ({ phase: 'shown', now: null, outcomes: withAt(outcomes, place, outcome) }))
  }

  function goTo(place: number) {
    store.setState({ place })
    if (isDone(store.getState())) store.setState({ phase: 'shown' })
    else void tell(place)
  }

  function guess(change: (guess: Guess) => Guess) {
    const { place, phase, guesses } = store.getState()
    const now = guesses[place]
    // A prediction is fixed once the answer is there.
    if (phase === 'telling' && now) store.setState({ guesses: withAt(guesses, place, change(now)) })
  }

  function next() {
    const state = store.getState()
    const scene = scenes[state.place]
    if (!scene || !mayGoOn(state, scenes)) return
    if (state.phase === 'telling' && scene.steps.length > 0) void run(state.place, scene)
    else {
      if (state.phase === 'telling') store.setState({ outcomes: withAt(state.outcomes, state.place, NOTHING) })
      goTo(state.place + 1)
    }
  }

  return {
    ...store,
    lesson,
    begin,
    async start() {
      if (memo === null) await begin()
      // It may have been stopped since.
      else running = new AbortController()
    },
    memo() {
      const { place, guesses, outcomes, isBroken, phase } = store.getState()
      const isSettled = phase === 'telling' || phase === 'shown'
      return { place, guesses, outcomes, isBroken: isBroken || !isSettled, prepared: [...prepared] }
    },
    interrupt() {
      running.abort()
      running = new AbortController()
      store.setState((state) => ({ phase: isDone(state) ? 'shown' : 'telling', now: null, isBroken: true }))
    },
    next,
    pageDown() {
      if (mayGoOn(store.getState(), scenes)) next()
      else guess((now) => ({ ...now, isSkipped: true }))
    },
    back() {
      const { place, phase } = store.getState()
      if (place > 0 && (phase === 'telling' || phase === 'shown')) goTo(place - 1)
    },
    choose(choice) {
      guess((now) => ({ ...now, chosen: now.chosen === choice ? null : choice }))
    },
    raise(choice, by) {
      guess((now) => {
        const count = Math.min(MOST_HANDS, Math.max(0, (now.hands[choice] ?? 0) + by))
        return { ...now, hands: withAt(now.hands, choice, count) }
      })
    },
    stop() {
      running.abort()
    },
  }
}

const withAt = <T>(items: readonly T[], place: number, item: T): T[] =>
  items.map((now, index) => (index === place ? item : now))

/** Returns the time from the first command or message since then until now. A command is recorded after its effects. */
export function spanOf(before: LabState, { commands, messages, at }: LabState): Span {
  const command = commands.find(({ n }) => n > before.last)?.at ?? before.at
  const since = messages.filter((message) => message.at > before.at).map((message) => message.at)
  return { from: Math.min(command, ...since), to: at }
}
