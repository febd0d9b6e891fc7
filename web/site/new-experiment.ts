import { DEFAULT_LINK_DELAY_MS } from '../../shared/model/lab-settings.ts'
import type { Experiment } from '../../shared/wire/experiment.ts'

/** Returns the network of `npm start`, and another run each time. */
export function newExperiment(): Experiment {
  const [seed = 1] = crypto.getRandomValues(new Uint32Array(1))
  return { seed: seed >>> 1, n: 4, topology: 'line', linkDelayMs: DEFAULT_LINK_DELAY_MS, commands: [] }
}
