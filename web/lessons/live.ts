/** Adapts the lab for a scenario on the page: its present state, whatever instant the page shows. */

import type { ScenarioWorld } from '../../shared/language/scenario-run.ts'
import { MAX_REMEMBERED_COMMANDS } from '../../shared/model/apply.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import type { Page } from '../ui/page.ts'

export const liveLab = ({ store: { live } }: Page): LabState => live.history.state

/** Interval at which a wait checks the lab, in ms. */
const LOOK_EVERY_MS = 25

/** Calls back periodically. Returns a function that ends that. */
function onLive(listener: () => void): () => void {
  const timer = setInterval(listener, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

/** Time until all events so far are ordered, in ms: nodes report and the lab sorts in batches. */
const REPORTED_WITHIN_MS = 150

/** The part of a scenario's world that its player provides. */
export type PlayerSide = Pick<ScenarioWorld, 'print' | 'complain' | 'mayGoOn' | 'signal'>

/** Returns the lab for a scenario; `player` is called for each line. */
function worldOf(page: Page, player: PlayerSide): ScenarioWorld {
  /** Carried-out lines whose effects may still be missing in the state. */
  let done: { readonly line: string; readonly after: number }[] = []
  const isKnown = ({ line, after }: { line: string; after: number }) => {
    const { commands } = liveLab(page)
    const oldest = commands.length < MAX_REMEMBERED_COMMANDS ? 0 : (commands[0]?.n ?? 0)
    return oldest > after || commands.some((command) => command.n > after && command.line === line)
  }
  return {
    ...player,
    async execute(line) {
      const after = liveLab(page).last
      const outcome = await page.act(line, 'scenario')
      done.push({ line, after })
      return outcome
    },
    state: () => liveLab(page),
    onChange: onLive,
    flushed() {
      const asked = performance.now()
      return until(player.signal, () => {
        done = done.filter((one) => !isKnown(one))
        const isReported = performance.now() > asked + REPORTED_WITHIN_MS
        return (done.length === 0 && isReported) || page.store.getState().connection.phase !== 'live'
      })
    },
    later: laterIn(page),
    portOf: (id, port) => (liveLab(page).settings?.basePort ?? port - id) + id,
  }
}

/** Returns a timer of the lab: in its time where its clock obeys the page. A wait runs a stopped clock. */
function laterIn({ player, store }: Page): ScenarioWorld['later'] {
  if (!player.driven)
    return (run, ms) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    }
  return (run, ms) => {
    if (store.getState().mode !== 'live') player.goLive()
    const due = player.present + ms
    const stop = onLive(() => {
      if (player.present < due) return
      stop()
      run()
    })
    return stop
  }
}

/** Resolves when the condition is true, or at once when nobody waits any more. */
function until(signal: AbortSignal, isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!signal.aborted && !isSo()) return
      stop()
      signal.removeEventListener('abort', look)
      resolve()
    }
    const stop = onLive(look)
    signal.addEventListener('abort', look)
    look()
  })
}

/** The lab in which a lesson or a scenario of this page runs. */
export interface LessonHost {
  /** The lab as a scenario sees it. */
  world(player: PlayerSide): ScenarioWorld
  lab(): LabState
  later: ScenarioWorld['later']
  /** Returns ms of any clock. */
  now(): number
}

export const lessonHostOf = (page: Page): LessonHost => ({
  world: (player) => worldOf(page, player),
  lab: () => liveLab(page),
  later: laterIn(page),
  now: () => (page.player.driven ? page.player.present : performance.now()),
})

/** Maximum wait for datagrams to arrive, in ms: a node that floods never ends. */
const LANDED_WITHIN_MS = 3_000

/** Resolves when no datagram is in flight any more, and no answer to the last ones follows. */
export async function landed(
  { lab, later, now }: Pick<LessonHost, 'lab' | 'later' | 'now'>,
  signal: AbortSignal,
): Promise<void> {
  const since = now()
  for (let quiet = 0; quiet < 2 && !signal.aborted && now() - since < LANDED_WITHIN_MS; ) {
    quiet = Object.keys(lab().inFlight).length === 0 ? quiet + 1 : 0
    await new Promise<void>((resolve) => later(resolve, REPORTED_WITHIN_MS))
  }
}
