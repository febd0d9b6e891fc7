/** All settings of a network, each with its meaning, and whether it is the default. */

import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { settingWords } from '../../shared/language/setting-words.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { isPossible } from '../../shared/model/lack-words.ts'
import { formatMs } from '../../shared/text/format.ts'
import { DIFFERS, SIMULATED } from '../model/network-words.ts'
import { usePageState } from '../ui/page.ts'

type Name = keyof LabSettings['gossip']

const EXPLAINED: readonly (readonly [Name, string])[] = [
  ['fanout', 'number of neighbours that a node passes a new message to'],
  ['window', 'rumors a node sends to a neighbour before it waits for a status'],
  ['coin', 'probability that a node tells one more neighbour after one had the message or stayed silent'],
  ['ackTimeoutMs', 'how long a node waits for the status that acknowledges a rumor'],
  ['antiEntropyMs', 'time between two comparisons with each neighbour'],
  ['retries', 'number of ack timeouts during which a node repeats an unacknowledged rumor'],
  ['batchMs', 'time between datagrams of new rumors to a neighbour'],
]

export function SettingsList({ settings }: { readonly settings: LabSettings }) {
  const nodes = usePageState(({ lab }) => lab.nodes)
  const apply = isPossible(nodes, 'settings') ? 'to all' : nodes.some(hasSettings) ? 'to some' : 'to none'
  return (
    <dl>
      {settings.simulated && (
        <>
          <dt>simulated</dt>
          <dd>{`${SIMULATED.replace(/^simulated: /, '')}. ${DIFFERS}`}</dd>
        </>
      )}
      <dt>{formatMs(settings.linkDelayMs)} per link</dt>
      <dd>delay of each link that has no delay of its own</dd>
      {apply === 'to none' && (
        <>
          <dt>other settings</dt>
          <dd>your program has its own, which the lab does not know</dd>
        </>
      )}
      {apply === 'to some' && (
        <>
          <dt>Rumorscope’s own nodes</dt>
          <dd>have the settings below; your program has its own, which the lab does not know</dd>
        </>
      )}
      {apply !== 'to none' &&
        EXPLAINED.map(([name, words]) => <Fact key={name} name={name} words={words} settings={settings} />)}
      {apply === 'to all' && (
        <>
          <dt>{settings.keyed ? 'keyed' : 'no key'}</dt>
          <dd>{settings.keyed ? 'nodes seal datagrams with a shared key' : 'nodes do not seal datagrams'}</dd>
        </>
      )}
    </dl>
  )
}

const hasSettings = ({ lacks }: NodeState) => !lacks?.abilities.includes('settings')

interface FactProps {
  readonly name: Name
  readonly words: string
  readonly settings: LabSettings
}

function Fact({ name, words, settings }: FactProps) {
  const isDefault = settings.gossip[name] === DEFAULTS[name]
  return (
    <>
      <dt>{settingWords(name, settings.gossip)}</dt>
      <dd>
        {words}
        {!isDefault && <em>default: {settingWords(name, DEFAULTS)}</em>}
      </dd>
    </>
  )
}
