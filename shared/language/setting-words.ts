/** Puts the settings of the protocol into words, and finds those that differ from their defaults. */

import { DEFAULTS, type Settings } from '../gossip/settings.ts'
import { formatMs } from '../text/format.ts'

type Name = keyof Settings

const WORDS: Readonly<Record<Name, (value: number) => string>> = {
  fanout: (value) => `fanout ${value}`,
  window: (value) => `window ${value}`,
  coin: (value) => `coin ${value}`,
  ackTimeoutMs: (value) => `ack timeout ${formatMs(value)}`,
  antiEntropyMs: (value) => `anti-entropy ${formatMs(value)}`,
  retries: (value) => `retries ${value}`,
  batchMs: (value) => (value === 0 ? 'no batches' : `batches ${formatMs(value)}`),
}

/** Returns the names of settings that differ from the defaults, in the order of the defaults. */
export const changedSettings = (settings: Settings): readonly Name[] =>
  (Object.keys(DEFAULTS) as Name[]).filter((name) => settings[name] !== DEFAULTS[name])

/** Returns words such as `anti-entropy 600 s`. */
export const settingWords = (name: Name, settings: Settings): string => WORDS[name](settings[name])
