/** Runs a scenario file on the page, continuously or step by step. It is independent of React. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { formatCommand } from '../../shared/language/command-format.ts'
import type { ScenarioLine } from '../../shared/language/scenario.ts'
import { runScenario } from '../../shared/language/scenario-run.ts'
import type { Span } from '../model/time/span.ts'
import { type LessonHost, landed } from './live.ts'
import { spanOf } from './session.ts'

export interface PlayerState {
  readonly phase: 'ready' | 'running' | 'paused' | 'ended'
  /** The present line, or the next one while paused; and its start time, in ms of the page. */
  readonly now: { readonly step: ScenarioLine; readonly since: number } | null
  /** Printed lines, and unmet expectations. */
  readonly said: readonly Said[]
  readonly failures: number
  readonly stopped: boolean
  /** Time from its first line to the arrival of its last datagram, in ms of the lab; null until it has ended. */
  readonly span: Span | null
}

export interface Said {
  /** Counts from 1. */
  readonly number: number
  /** Line of the file; 0 for output before the first line. */
  readonly line: number
  readonly text: string
  readonly failed: boolean
}

export interface ScenarioPlayer extends StoreApi<PlayerState> {
  readonly steps: readonly ScenarioLine[]
  /** The line that makes a network for the scenario; null if the file makes one. */
  readonly network: string | null
  /** Carries out all remaining lines. */
  run(onNewNetwork: boolean): void
  /** Carries one line out, and pauses before the next. */
  step(onNewNetwork: boolean): void
  /** Pauses before the next line. */
  pause(): void
  /** Ends the run, also during a wait. */
  stop(): void
}

const MAX_SAID = 1_000

const READY: PlayerState = { phase: 'ready', now: null, said: [], failures: 0, stopped: false, span: null }

export function createScenarioPlayer(
  steps: readonly ScenarioLine[],
  { world, now, lab, later }: LessonHost,
): ScenarioPlayer {
  const store = createStore<PlayerState>(() => READY)
  const network = networkFor(steps)
  let abort = new AbortController()
  let goOn: ((yes: boolean) => void) | null = null
  let spoken = 0
  /** Number of lines that may be carried out before it pauses. */
  let allowed = 0

  function say(line: number, text: string, failed: boolean) {
    spoken += 1
    const number = spoken
    store.setState(({ said, failures }) => ({
      said: [...said, { number, line, text, failed }].slice(-MAX_SAID),
      failures: failures + (failed ? 1 : 0),
    }))
  }

  async function start(onNewNetwork: boolean) {
    abort = new AbortController()
    const { signal } = abort
    store.setState({ ...READY, phase: 'running' })
    const before = lab()
    const carried = world({
      print: (text, { line }) => say(line, text, false),
      complain: (what, { line, text }) => say(line, `${text.trim()}: ${what}`, true),
      async mayGoOn(step) {
        store.setState({ now: { step, since: now() } })
        if (allowed > 0) {
          allowed -= 1
          return true
        }
        store.setState({ phase: 'paused' })
        const yes = await new Promise<boolean>((resolve) => {
          goOn = resolve
        })
        goOn = null
        store.setState({ phase: 'running', now: { step, since: now() } })
        return yes
      },
      signal,
    })
    const made = onNewNetwork && network !== null ? await carried.execute(network) : null
    if (made && !made.ok) say(0, `${network}: ${made.error}`, true)
    else await runScenario(steps, carried)
    await landed({ lab, later, now }, signal)
    if (abort.signal !== signal) return
    store.setState({ phase: 'ended', now: null, stopped: signal.aborted, span: spanOf(before, lab()) })
  }

  function proceed(lines: number, onNewNetwork: boolean) {
    const { phase } = store.getState()
    if (phase === 'ready' || phase === 'ended') {
      allowed = lines
      void start(onNewNetwork)
    } else if (goOn) {
      // Continuing allows the line at which it waits.
      allowed = lines - 1
      goOn(true)
    } else allowed = lines
  }

  return {
    ...store,
    steps,
    network,
    run: (onNewNetwork) => proceed(Number.POSITIVE_INFINITY, onNewNetwork),
    step: (onNewNetwork) => proceed(1, onNewNetwork),
    pause() {
      allowed = 0
    },
    stop() {
      abort.abort()
      goOn?.(false)
    },
  }
}

/** As in `rumorscope run`: a line with the default settings, unless the file begins with a network. */
function networkFor(steps: readonly ScenarioLine[]): string | null {
  const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []))
  if (commands[0]?.kind === 'network') return null
  const started = commands.find((command) => command.kind === 'start')
  return formatCommand({ kind: 'network', n: started?.n ?? 4, topology: 'line', settings: DEFAULTS })
}
