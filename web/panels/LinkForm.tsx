/** What can be made wrong with a link, one way or both. */
import { type FormEvent, useState } from 'react'
import type { LinkChange, LinkName } from '../../shared/command-faults.ts'
import { HEALTHY, isHealthy } from '../../shared/fault.ts'
import { linkOf } from '../../shared/lab-state.ts'
import { usePageState } from '../page.ts'
import styles from './Inspector.module.css'
import { holdLine, linkLine } from './lines.ts'
import { Button, Field } from './ui.tsx'
import { useLine } from './use-line.ts'

const FIELDS = [
  { name: 'delayMs', label: 'delay, ms' },
  { name: 'jitterMs', label: 'jitter, ms' },
  { name: 'loss', label: 'loss, %' },
  { name: 'duplicate', label: 'twice, %' },
  { name: 'reorder', label: 'overtaken, %' },
] as const
type FieldName = (typeof FIELDS)[number]['name']
type Typed = Partial<Record<FieldName, string>>

export function LinkForm({ a, b }: { readonly a: number; readonly b: number }) {
  const lab = usePageState((state) => state.lab)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [way, setWay] = useState<'both' | 'there' | 'back'>('both')
  const [typed, setTyped] = useState<Typed>({})
  const { send, error } = useLine()
  const [from, to] = way === 'back' ? [b, a] : [a, b]
  const link: LinkName = { ways: way === 'both' ? 'both' : 'one', from, to }
  const conditions = way === 'both' ? [linkOf(lab, a, b), linkOf(lab, b, a)] : [linkOf(lab, from, to)]
  const condition = conditions[0] ?? HEALTHY
  const isHeld = conditions.every(({ hold }) => hold)
  const isCut = conditions.every(({ cut }) => cut)
  const textOf = (name: FieldName) =>
    typed[name] ?? `${condition[name] ?? (name === 'delayMs' ? (lab.settings?.linkDelayMs ?? 0) : 0)}`

  async function run(change: LinkChange | 'heal') {
    if (await send(linkLine(link, change))) setTyped({})
  }
  function set(event: FormEvent) {
    event.preventDefault()
    const changed = FIELDS.filter(({ name }) => typed[name] !== undefined)
    if (changed.length > 0)
      void run(Object.fromEntries(changed.map(({ name }) => [name, Number(typed[name]?.trim() || Number.NaN)])))
  }

  return (
    <form onSubmit={set} className={styles.part}>
      <label className={styles.meta}>
        which way{' '}
        <select value={way} onChange={({ target }) => setWay(wayOf(target.value))}>
          <option value="both">both ways</option>
          <option value="there">
            {a} → {b} only
          </option>
          <option value="back">
            {b} → {a} only
          </option>
        </select>
      </label>
      <div className={styles.buttons}>
        <Button kind="warning" disabled={!live} onClick={() => void run({ cut: !isCut })}>
          {isCut ? 'Mend the cut' : 'Cut'}
        </Button>
        <Button disabled={!live} aria-pressed={isHeld} onClick={() => void send(holdLine(!isHeld, link))}>
          Hold it
        </Button>
        <Button disabled={!live || conditions.every(isHealthy)} onClick={() => void run('heal')}>
          Heal
        </Button>
      </div>
      <div className={styles.fields}>
        {FIELDS.map(({ name, label }) => (
          <div key={name}>
            <label htmlFor={`link-${name}`}>{label}</label>
            <Field
              id={`link-${name}`}
              inputMode="decimal"
              value={textOf(name)}
              onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
            />
          </div>
        ))}
        <Button type="submit" disabled={!live}>
          Set
        </Button>
      </div>
      {error !== null && (
        <p className={styles.warning} role="alert">
          {error}
        </p>
      )}
    </form>
  )
}

const wayOf = (value: string) => (value === 'there' || value === 'back' ? value : 'both')
