import { DEFAULTS } from '../../shared/gossip/settings.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'

/** A line as the page's tests have it. */
export const lineOf = (n: number): LabSettings => ({
  n,
  topology: 'line',
  linkDelayMs: 250,
  seed: 1,
  rootId: 40_000,
  basePort: 20_000,
  gossip: DEFAULTS,
})
