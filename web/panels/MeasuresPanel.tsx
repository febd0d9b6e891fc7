/** What spreading takes and costs, beside what the network allows at best. */
import { useMemo } from 'react'
import { formatMs, formatShare, plural } from '../../shared/format.ts'
import { nodeNames } from '../../shared/names.ts'
import { usePage, usePageState } from '../page.ts'
import styles from './Inspector.module.css'
import { type Measures, measure } from './measures.ts'
import { Button } from './ui.tsx'
import { useLabTime } from './use-lab-time.ts'

/** They are sums over everything, and nobody reads faster. In ms. */
const EVERY_MS = 500

export function MeasuresPanel() {
  const measures = useMeasures()
  const delay = usePageState(({ lab }) => lab.settings?.linkDelayMs ?? 0)
  const n = usePageState(({ lab }) => lab.nodes.length)
  const { messages, toAll, median, p95, perMessage, redundantShare, diameter } = measures
  const best = `${plural(diameter, 'link')}${delay > 0 ? ` = ${formatMs(diameter * delay)}` : ''} from end to end`
  return (
    <section className={styles.measures} aria-label="Measures">
      <div>
        <h3>Time to all</h3>
        <p className={styles.figure}>
          {median === null ? (
            <span>{messages === 0 ? 'no message yet' : 'none is everywhere yet'}</span>
          ) : (
            <span>
              <strong>{formatMs(median)}</strong> median of {toAll}, p95 {formatMs(p95 ?? median)}
            </span>
          )}
          <span>{best}</span>
        </p>
      </div>
      <div>
        <h3>Datagrams a message</h3>
        <p className={styles.figure}>
          {perMessage === null ? (
            <span>no message yet; at least {plural(Math.max(0, n - 1), 'rumor')}</span>
          ) : (
            <>
              <span>
                <strong>{perMessage.all.toFixed(1)}</strong> {perMessage.rumors.toFixed(1)} rumors, at least{' '}
                {Math.max(0, n - 1)}
              </span>
              <span>{perMessage.statuses.toFixed(1)} statuses, with those of anti-entropy</span>
            </>
          )}
          {redundantShare !== null && <span>{formatShare(redundantShare)} of the rumors redundant</span>}
        </p>
      </div>
      <IncompleteList measures={measures} />
    </section>
  )
}

function useMeasures(): Measures {
  const { store } = usePage()
  const now = useLabTime(EVERY_MS)
  return useMemo(() => measure(store.getState().lab, now), [store, now])
}

function IncompleteList({ measures: { incomplete, newest } }: { readonly measures: Measures }) {
  const { store } = usePage()
  if (incomplete === 0) return null
  return (
    <div>
      <h3>Not everywhere</h3>
      <ul className={styles.list}>
        {newest.map(({ message: { key, text, origin, seq }, held, of, cutOff }) => (
          <li key={key}>
            <Button
              kind="quiet"
              className={styles.warning ?? ''}
              onClick={() => store.select({ kind: 'message', origin, seq })}
            >
              {text}: {held} of {of}
              {cutOff.length > 0 && `, cut off: ${nodeNames(cutOff)}`}
            </Button>
          </li>
        ))}
      </ul>
      {incomplete > newest.length && <p className={styles.quiet}>and {incomplete - newest.length} more</p>}
    </div>
  )
}
