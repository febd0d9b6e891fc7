/** Sets the faults of a link, in one direction or both, or of every link. */
import { type FormEvent, useState } from 'react'
import type { LinkChange, LinkName } from '../../shared/language/command-faults.ts'
import { CHANCE_NAMES, type Chance, HEALTHY, isHealthy, type LinkCondition } from '../../shared/model/fault.ts'
import { type LabState, linkOf } from '../../shared/model/lab-state.ts'
import { type Ability, LINK_ABILITIES } from '../../shared/model/lacks.ts'
import { linksOf } from '../../shared/model/topology.ts'
import { delayLine, holdLine, linkLine } from '../model/lines.ts'
import { whyNot } from '../model/why-not.ts'
import { usePageState } from '../ui/page.ts'
import { Refusal } from '../ui/Refusal.tsx'
import { Button, Field } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './Inspector.module.css'

type FieldName = 'delayMs' | 'jitterMs' | Chance
const FIELDS: readonly { readonly name: FieldName; readonly label: string }[] = [
  { name: 'delayMs', label: 'delay, ms' },
  { name: 'jitterMs', label: 'jitter, ms' },
  ...CHANCE_NAMES.map((name) => ({ name, label: `${name}, %` })),
]
type Typed = Partial<Record<FieldName, string>>

export default function LinkForm({ a, b }: { readonly a: number; readonly b: number }) {
  const lab = usePageState((state) => state.lab)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [way, setWay] = useState<Which>('both')
  const [typed, setTyped] = useState<Typed>({})
  const { send, error } = useLine()
  const link = linkNameOf(way, a, b)
  const whyNo = (...abilities: readonly Ability[]) => whyNot(lab, way === 'all' ? 'all' : [a, b], ...abilities)
  const why = whyNo(...LINK_ABILITIES)
  const conditions = conditionsOf(link, lab)
  const condition = conditions[0] ?? HEALTHY
  const isHeld = conditions.every(({ hold }) => hold)
  const isCut = conditions.every(({ cut }) => cut)
  const textOf = (name: FieldName) =>
    typed[name] ?? `${condition[name] ?? (name === 'delayMs' ? (lab.settings?.linkDelayMs ?? 0) : 0)}`

  async function run(change: LinkChange | 'heal') {
    if (await send(linkLine(link, change))) forget(typed)
  }
  /** Keeps values that a person has typed since. */
  function forget(sent: Typed) {
    setTyped((now) =>
      Object.fromEntries(FIELDS.flatMap(({ name }) => (now[name] === sent[name] ? [] : [[name, now[name]]]))),
    )
  }
  async function set(event: FormEvent) {
    event.preventDefault()
    const changed = FIELDS.filter(({ name }) => typed[name] !== undefined)
    const { delayMs, ...change }: LinkChange = Object.fromEntries(
      changed.map(({ name }) => [name, Number(typed[name]?.trim() || Number.NaN)]),
    )
    // The delay of all links is the lab's own setting.
    if (link.ways === 'all' && delayMs !== undefined && !(await send(delayLine(delayMs)))) return
    const rest = link.ways === 'all' || delayMs === undefined ? change : { ...change, delayMs }
    if (Object.keys(rest).length > 0) await run(rest)
    else forget(typed)
  }

  return (
    <form onSubmit={(event) => void set(event)} className={styles.part}>
      <label className={styles.meta}>
        direction{' '}
        <select value={way} onChange={({ target }) => setWay(whichOf(target.value))}>
          <option value="both">both ways</option>
          <option value="there">
            {a} → {b} only
          </option>
          <option value="back">
            {b} → {a} only
          </option>
          <option value="all">all links</option>
        </select>
      </label>
      <div className={styles.buttons}>
        <Button
          kind="warning"
          disabled={!live}
          whyNot={isCut ? undefined : whyNo('cut')}
          onClick={() => void run({ cut: !isCut })}
        >
          {isCut ? 'Reconnect' : 'Cut'}
        </Button>
        <Button
          disabled={!live}
          whyNot={isHeld ? undefined : whyNo('hold')}
          aria-pressed={isHeld}
          onClick={() => void send(holdLine(!isHeld, link))}
        >
          Hold
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
              disabled={whyNo(name) !== undefined}
              title={whyNo(name)}
              onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
            />
          </div>
        ))}
        <Button type="submit" disabled={!live} whyNot={FIELDS.every(({ name }) => whyNo(name)) ? why : undefined}>
          Set
        </Button>
      </div>
      {why !== undefined && <p className={styles.quiet}>{why}</p>}
      <Refusal error={error} />
    </form>
  )
}

const WHICH = ['both', 'there', 'back', 'all'] as const
type Which = (typeof WHICH)[number]
const whichOf = (value: string): Which => WHICH.find((name) => name === value) ?? 'both'

function linkNameOf(which: Which, a: number, b: number): LinkName {
  if (which === 'all') return { ways: 'all' }
  return which === 'back'
    ? { ways: 'one', from: b, to: a }
    : { ways: which === 'both' ? 'both' : 'one', from: a, to: b }
}

function conditionsOf(link: LinkName, lab: LabState): readonly LinkCondition[] {
  if (link.ways === 'one') return [linkOf(lab, link.from, link.to)]
  if (link.ways === 'both') return [linkOf(lab, link.from, link.to), linkOf(lab, link.to, link.from)]
  const { topology = 'line', seed } = lab.settings ?? {}
  return linksOf(topology, lab.nodes.length, seed).flatMap(([a, b]) => [linkOf(lab, a, b), linkOf(lab, b, a)])
}
