/** Starts a page whose lab runs in the page itself. */
import { DEFAULT_LINK_DELAY_MS } from '../../shared/model/lab-settings.ts'
import type { Experiment } from '../../shared/wire/experiment.ts'
import { startPage } from '../shell/start-page.ts'
import { showPage } from '../show-page.tsx'
import { placeIn } from '../store/address.ts'
import { experimentIn } from './experiment-address.ts'
import { workerLab } from './worker-lab.ts'

export async function startSite(startWorker: () => Worker) {
  const found = await experimentIn(location.hash)
  const isExperiment = found !== null && typeof found !== 'string'
  const experiment = isExperiment ? found : newExperiment()
  const to = isExperiment ? (placeIn(location.hash).t ?? 0) : 0
  const page = startPage(workerLab(startWorker(), experiment, to))
  if (typeof found === 'string')
    page.store.setState({ notice: { words: `The experiment in the address cannot be repeated: ${found}.` } })
  // Another link in the same tab is another experiment.
  window.addEventListener('hashchange', ({ newURL, oldURL }) => {
    if (simOf(newURL) !== null && simOf(newURL) !== simOf(oldURL)) location.reload()
  })
  showPage(page)
}

const simOf = (url: string) => new URLSearchParams(new URL(url).hash.slice(1)).get('sim')

/** The network of `npm start`, and another run each time. */
function newExperiment(): Experiment {
  const [seed = 1] = crypto.getRandomValues(new Uint32Array(1))
  return { seed: seed >>> 1, n: 4, topology: 'line', linkDelayMs: DEFAULT_LINK_DELAY_MS, commands: [] }
}
