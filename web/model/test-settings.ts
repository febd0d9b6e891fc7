import { DEFAULTS } from '../../shared/gossip/settings.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'

/** The usual line of the page's tests. */
export const lineOf = (n: number): LabSettings => ({
  n,
  topology: 'line',
  linkDelayMs: 250,
  seed: 1,
  rootId: 40_000,
  basePort: 20_000,
  gossip: DEFAULTS,
})
