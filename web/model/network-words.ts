/** Names a network, and describes its links. */

import { changedSettings, settingWords } from '../../shared/language/setting-words.ts'
import { DEFAULT_LINK_DELAY_MS, type LabSettings } from '../../shared/model/lab-settings.ts'
import { TOPOLOGY_IN_WORDS } from '../../shared/model/topology.ts'
import { formatMs, plural } from '../../shared/text/format.ts'

/** For simulated nodes: what they are, and how they differ from real ones. */
export const SIMULATED = 'simulated: the same protocol and node code on a virtual clock'
export const DIFFERS =
  'A simulated node computes in no time, its clock waits for you, and no other program can reach it.'

/** `4 nodes on a line` */
export const networkName = (n: number, { topology }: Pick<LabSettings, 'topology'>): string =>
  `${plural(n, 'node')} ${TOPOLOGY_IN_WORDS[topology]}`

/** `250 ms per link · keyed` */
export const conditions = ({ linkDelayMs, keyed }: Pick<LabSettings, 'linkDelayMs' | 'keyed'>): string =>
  `${formatMs(linkDelayMs)} per link${keyed ? ' · keyed' : ''}`

/** Returns the settings that differ from their defaults; empty when none does. */
export const unusualConditions = (settings: Pick<LabSettings, 'linkDelayMs' | 'keyed'>): string =>
  settings.linkDelayMs === DEFAULT_LINK_DELAY_MS ? (settings.keyed ? 'keyed' : '') : conditions(settings)

/** Returns words such as `coin 0.25`. */
export const changedWords = ({ gossip }: Pick<LabSettings, 'gossip'>): readonly string[] =>
  changedSettings(gossip).map((name) => settingWords(name, gossip))
