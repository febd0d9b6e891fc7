/** The form for a new network: its settings, and its effects, before it starts. */

import { type FormEvent, useState } from 'react'
import { useStore } from 'zustand'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import type { Ability } from '../../shared/model/lacks.ts'
import { TOPOLOGIES, type Topology } from '../../shared/model/topology.ts'
import { DEFAULT_FIELDS, planOf, planWords, presetsFor, type TypedNetwork, typedOf } from '../model/plan.ts'
import { shown } from '../model/shown.ts'
import { whyNot } from '../model/why-not.ts'
import styles from '../ui/Dialog.module.css'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import uiStyles from '../ui/ui.module.css'
import { Button, Field } from '../ui/ui.tsx'

const FIELDS: readonly { readonly name: Exclude<keyof TypedNetwork, 'topology'>; readonly label: string }[] = [
  { name: 'n', label: 'Nodes' },
  { name: 'linkDelayMs', label: 'Link delay, ms' },
  { name: 'fanout', label: 'Fanout, neighbours' },
  { name: 'window', label: 'Window, rumors' },
  { name: 'coin', label: 'Coin, probability to continue' },
  { name: 'ackTimeoutMs', label: 'Ack timeout, ms' },
  { name: 'antiEntropyMs', label: 'Anti-entropy interval, ms' },
  { name: 'retries', label: 'Retries, ack timeouts' },
  { name: 'batchMs', label: 'Batching delay, ms' },
]

interface Props extends OpenProps {
  readonly settings: LabSettings
}

export default function NetworkDialog({ settings, ...open }: Props) {
  const large = useStore(usePage().projector)
  return (
    <Modal {...open} wide={large} title="New network" lead="Each node starts as its own operating system process.">
      <NetworkForm settings={settings} done={() => open.onOpenChange(false)} />
    </Modal>
  )
}

function NetworkForm({ settings, done }: { readonly settings: LabSettings; readonly done: () => void }) {
  const page = usePage()
  const messages = usePageState(({ lab }) => lab.messages.length)
  const running = usePageState(({ lab }) => lab.nodes.filter(({ status }) => status === 'running').length)
  const [draft, setDraft] = useState(() => typedOf(settings))
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const nodes = usePageState(({ lab }) => lab.nodes)
  const why = (ability: Ability) => whyNot({ nodes }, 'all', ability)
  const whyNoSettings = why('settings')
  const plan = planOf(draft, settings)
  const isDefault = Object.entries(DEFAULT_FIELDS).every(([name, value]) => draft[name as keyof TypedNetwork] === value)

  function change(next: TypedNetwork) {
    setDraft(next)
    setError(null)
  }

  async function start(event: FormEvent) {
    event.preventDefault()
    if (plan.problem !== null) return
    setBusy(true)
    setError(null)
    const reply = await page.act(plan.lines)
    if (reply.ok) return done()
    setError(reply.error)
    setBusy(false)
  }

  return (
    <form onSubmit={start}>
      <fieldset className={styles.presets} aria-label="Presets">
        {presetsFor((ability) => why(ability) === undefined).map(({ name, does, draft: preset }) => (
          <Button key={name} title={does} aria-pressed={same(draft, preset)} onClick={() => change(preset)}>
            {name}
          </Button>
        ))}
      </fieldset>
      <div className={styles.fields}>
        <label>
          Topology
          <select
            className={uiStyles.field}
            value={draft.topology}
            onChange={({ target }) => change({ ...draft, topology: topologyOf(target.value) })}
          >
            {TOPOLOGIES.map((name) => (
              <option key={name} disabled={why(name) !== undefined} title={why(name)}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {FIELDS.map(({ name, label }) => (
          <label key={name} htmlFor={`network-${name}`} title={whyNoField(name, why)}>
            {label}
            <Field
              id={`network-${name}`}
              inputMode="decimal"
              value={draft[name]}
              disabled={whyNoField(name, why) !== undefined}
              onChange={({ target }) => change({ ...draft, [name]: target.value })}
            />
          </label>
        ))}
      </div>
      <p className={styles.kept}>
        {whyNoSettings ?? 'Settings that you do not change stay, and so does the shared key.'} Messages, faults and held
        datagrams are cleared.{' '}
        {!isDefault && whyNoSettings === undefined && (
          <Button kind="quiet" onClick={() => setDraft({ ...draft, ...DEFAULT_FIELDS })}>
            Default settings
          </Button>
        )}
      </p>
      <div className={styles.plan}>
        {plan.problem === null ? (
          <p>{planWords(running, messages, Number(draft.n))}</p>
        ) : (
          <p className={styles.problem} role="alert">
            {shown(plan.problem)}
          </p>
        )}
        {plan.lines.map((line) => (
          <code key={line}>{line}</code>
        ))}
      </div>
      {(error !== null || !live) && (
        <p className={styles.problem} role="alert">
          {live ? shown(error ?? '') : 'The connection to the lab is lost. You can start a network when it is back.'}
        </p>
      )}
      <div className={styles.actions}>
        <Button onClick={done}>Cancel</Button>
        <Button type="submit" kind="primary" disabled={plan.problem !== null || busy || !live}>
          {busy ? 'Starting …' : 'Start network'}
        </Button>
      </div>
    </form>
  )
}

/** Every other field is a setting of the protocol. */
function whyNoField(name: (typeof FIELDS)[number]['name'], why: (ability: Ability) => string | undefined) {
  if (name === 'n') return undefined
  return why(name === 'linkDelayMs' ? 'delayMs' : 'settings')
}

const same = (a: TypedNetwork, b: TypedNetwork) => JSON.stringify(a) === JSON.stringify(b)
const topologyOf = (value: string): Topology => TOPOLOGIES.find((name) => name === value) ?? 'line'
