/**
 * Continues the recording in a saved page in simulation. `#continue=12418.25` names the instant, in ms of the lab: each
 * reload goes on from there anew, and the way back leads to the recording.
 */
import { whyNoFork } from '../../shared/sim/fork.ts'
import { formatInstant } from '../../shared/text/format.ts'
import { pointAt } from '../fork/plan-fork.ts'
import { shown } from '../model/shown.ts'
import { startPage } from '../shell/start-page.ts'
import { showPage } from '../show-page.tsx'
import { placeIn } from '../store/address.ts'
import { serverLab } from '../store/behind.ts'
import type { EmbeddedPast } from '../store/files/embedded.ts'
import { newExperiment } from './new-experiment.ts'
import { workerLab } from './worker-lab.ts'

const NAME = 'continue'

const instantIn = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get(NAME)

/** Returns the instant in an address, in ms of the lab; null if it names none. */
export const goesOnFrom = (hash: string): number | null => placeIn(`#t=${instantIn(hash)}`).t

/** Shows a saved recording, with a way on if the page can start a simulation. */
export function showSaved(saved: EmbeddedPast, canGoOn: boolean) {
  const page = startPage({ ...serverLab, embedded: saved, goOn: canGoOn ? goOn : null })
  function goOn(at: number) {
    const { history } = saved.past
    const why = whyNoFork(history.stateAt(history.numberAt(at)))
    if (why === undefined) location.hash = `${NAME}=${Math.round(at * 1e3) / 1e3}`
    else page.store.setState({ notice: { words: `Nothing can go on from here: ${why}.` } })
  }
  reloadElsewhere()
  showPage(page)
}

/** @throws if there is no fork of that instant: see `whyNoFork`. */
export function goOnFrom(at: number, { name, past: { history } }: EmbeddedPast, worker: Worker) {
  const from = pointAt(history, at)
  const page = startPage(workerLab(worker, { experiment: newExperiment(), from, to: 0 }, `${NAME}=${at}`))
  const words = `${shown(name)} goes on in simulation from ${formatInstant(at)}. Measured round trips, timers of retries, and chance began anew. The way back in the browser leads to the recording.`
  page.store.setState({ notice: { words } })
  reloadElsewhere()
  showPage(page)
}

/** A page shows one of both. */
function reloadElsewhere() {
  window.addEventListener('hashchange', ({ newURL, oldURL }) => {
    if (instantIn(new URL(newURL).hash) !== instantIn(new URL(oldURL).hash)) location.reload()
  })
}
