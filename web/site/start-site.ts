/** Starts a page whose lab runs in the page itself. */
import { startPage } from '../shell/start-page.ts'
import { showPage } from '../show-page.tsx'
import { placeIn } from '../store/address.ts'
import { embeddedRecording } from '../store/files/embedded.ts'
import { experimentIn } from './experiment-address.ts'
import { goesOnFrom, goOnFrom, showSaved } from './go-on.ts'
import { newExperiment } from './new-experiment.ts'
import { workerLab } from './worker-lab.ts'

export interface Site {
  startWorker(): Worker
  /** Whether a page that is saved as a file can start the worker. */
  readonly isOneFile: boolean
}

export async function startSite({ startWorker, isOneFile }: Site) {
  const saved = embeddedRecording()
  const at = goesOnFrom(location.hash)
  if (saved && isOneFile && at !== null) goOnFrom(at, saved, startWorker())
  else if (saved) showSaved(saved, isOneFile)
  else await startExperiment(startWorker())
}

async function startExperiment(worker: Worker) {
  const found = await experimentIn(location.hash)
  const isExperiment = found !== null && typeof found !== 'string'
  const experiment = isExperiment ? found : newExperiment()
  const to = isExperiment ? (placeIn(location.hash).t ?? 0) : 0
  const page = startPage(workerLab(worker, { experiment, from: null, to }))
  if (typeof found === 'string')
    page.store.setState({ notice: { words: `The experiment in the address cannot be repeated: ${found}.` } })
  // Another link in the same tab is another experiment.
  window.addEventListener('hashchange', ({ newURL, oldURL }) => {
    if (simOf(newURL) !== null && simOf(newURL) !== simOf(oldURL)) location.reload()
  })
  showPage(page)
}

const simOf = (url: string) => new URLSearchParams(new URL(url).hash.slice(1)).get('sim')
