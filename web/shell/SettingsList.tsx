/** All settings of a network, each with its meaning, and whether it is the default. */

import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { settingWords } from '../../shared/language/setting-words.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { formatMs } from '../../shared/text/format.ts'

type Name = keyof LabSettings['gossip']

const EXPLAINED: readonly (readonly [Name, string])[] = [
  ['fanout', 'neighbours that a new message is passed to'],
  ['window', 'rumors sent to a neighbour before its next status'],
  ['coin', 'chance of going on with a message after a neighbour agreed or stayed silent'],
  ['ackTimeoutMs', 'how long a rumor waits for its status'],
  ['antiEntropyMs', 'between two rounds of comparing with a neighbour'],
  ['retries', 'ack timeouts during which an unanswered rumor is repeated'],
  ['batchMs', 'time between datagrams of new rumors to a neighbour'],
]

export function SettingsList({ settings }: { readonly settings: LabSettings }) {
  return (
    <dl>
      <dt>{formatMs(settings.linkDelayMs)} a link</dt>
      <dd>time in the air, unless a link has its own</dd>
      {EXPLAINED.map(([name, words]) => (
        <Fact key={name} name={name} words={words} settings={settings} />
      ))}
      <dt>{settings.keyed ? 'keyed' : 'no key'}</dt>
      <dd>{settings.keyed ? 'datagrams carry a seal made with a shared key' : 'datagrams carry no seal'}</dd>
    </dl>
  )
}

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
