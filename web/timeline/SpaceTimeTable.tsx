/** Lists space-time as a table, for screen readers and for people who prefer to read. */
import { useEffect, useRef, useState } from 'react'
import type { LabState } from '../../shared/model/lab-state.ts'
import { nodeName } from '../../shared/model/names.ts'
import type { Mark } from '../../shared/model/trace.ts'
import { formatCount, formatInstant, formatMs, plural } from '../../shared/text/format.ts'
import { rowOf } from '../model/describe.ts'
import { quoted } from '../model/shown.ts'
import { shownMs } from '../store/zoom.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { unlessTouched } from '../ui/ui.tsx'
import { useLabTime } from '../ui/use-lab-time.ts'
import { inView, type Seen } from './in-view.ts'
import styles from './SpaceTime.module.css'

/** Interval in ms of the lab: nobody reads faster. While time is paused, each step is shown. */
const EVERY_MS = 500

export default function SpaceTimeTable() {
  const { store } = usePage()
  const { rows, count, left, until, lab, freeze } = useRows()
  const windowMs = usePageState(shownMs)
  const selection = usePageState((state) => state.selection)
  const scroller = useRef<HTMLElement>(null)
  const newest = rows.at(-1)?.at
  // The newest are visible, as in the diagram.
  useEffect(() => {
    if (newest !== undefined) scroller.current?.scrollTo({ top: scroller.current.scrollHeight })
  }, [newest])
  return (
    <section
      ref={scroller}
      className={styles.table}
      aria-label="Space-time table"
      tabIndex={rows.length > 4 ? 0 : -1}
      onPointerEnter={(event) => unlessTouched(event) && freeze(true)}
      onPointerLeave={() => freeze(false)}
      onFocus={() => freeze(true)}
      onBlur={() => freeze(false)}
    >
      <table>
        <caption>
          {plural(count, 'datagram')} in the {formatMs(windowMs)} until {formatInstant(until)}
          {left > 0 && `; ${formatCount(left)} earlier rows are left out: zoom in to see them`}
        </caption>
        <thead>
          <tr>
            {['time', 'event', 'from', 'to', 'outcome'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, datagram, mark }) =>
            datagram ? (
              <DatagramRow
                key={datagram.id}
                at={at}
                {...rowOf(datagram, lab)}
                selected={selection?.kind === 'datagram' && selection.id === datagram.id}
                choose={() => store.select({ kind: 'datagram', id: datagram.id })}
              />
            ) : (
              <tr key={`${mark.n} ${mark.kind} ${mark.node}`}>
                <td>{formatInstant(at)}</td>
                <td colSpan={4}>{markWords(mark)}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}

interface DatagramProps extends ReturnType<typeof rowOf> {
  readonly at: number
  readonly selected: boolean
  readonly choose: () => void
}

function DatagramRow({ at, what, from, to, fate, selected, choose }: DatagramProps) {
  return (
    <tr data-selected={selected}>
      <td>{formatInstant(at)}</td>
      <td>
        <button type="button" aria-pressed={selected} onClick={choose}>
          {what}
        </button>
      </td>
      <td>{from}</td>
      <td>{to}</td>
      <td>{fate}</td>
    </tr>
  )
}

function markWords({ node, kind, text }: Mark): string {
  if (kind === 'stored') return `${nodeName(node)} gets ${quoted(text)}`
  return `${nodeName(node)}${kind === 'silent' ? ':' : ''} ${text}`
}

interface Rows {
  readonly rows: readonly Seen[]
  readonly count: number
  readonly left: number
  /** The instant on screen, in ms of the lab, and the lab at that instant. */
  readonly until: number
  readonly lab: LabState
}

/** The list is fixed while somebody reads it. */
function useRows(): Rows & { freeze(on: boolean): void } {
  const { store, player } = usePage()
  const [frozen, setFrozen] = useState<Rows | null>(null)
  const stands = usePageState(({ mode }) => mode === 'paused')
  const windowMs = usePageState(shownMs)
  useLabTime(EVERY_MS)
  usePageState(({ mode, lab }) => (mode === 'paused' ? lab.last : 0))
  const look = (): Rows => {
    const { lab } = store.getState()
    const { datagrams, marks } = store.trace
    const span = { from: player.at - windowMs, to: player.at }
    return { ...inView(datagrams, marks, span, lab.settings?.linkDelayMs ?? 0), until: player.at, lab }
  }
  // While time is paused, a person who steps wants to see the result.
  const rows = frozen && !stands ? frozen : look()
  return { ...rows, freeze: (on) => setFrozen(on ? rows : null) }
}
