/** What spreading takes and costs, beside what the network allows at best. */
import { useEffect, useState } from 'react'
import { usePage, usePageState } from '../page.ts'
import { formatMs, formatShare, plural } from './format.ts'
import styles from './Inspector.module.css'
import { type Measures, measure } from './measures.ts'
import { Button } from './ui.tsx'

/** They are sums over everything, and nobody reads faster. In ms. */
const EVERY_MS = 500
const MAX_INCOMPLETE = 4

export function MeasuresPanel() {
  const measures = useMeasures()
  const delay = usePageState(({ lab }) => lab.settings?.linkDelayMs ?? 0)
  const n = usePageState(({ lab }) => lab.nodes.length)
  const { messages, toAll, median, p95, perMessage, redundantShare, diameter } = measures
  const best = `${plural(diameter, 'link')} = ${formatMs(diameter * delay)} from end to end`
  return (
    <section className={styles.measures} aria-label="Measures">
      <div>
        <h3>Time to all</h3>
        <p className={styles.figure}>
          {median === null ? (
            <>{messages === 0 ? 'no message yet' : 'none is everywhere yet'}; </>
          ) : (
            <>
              <strong>{formatMs(median)}</strong> median of {toAll}, p95 {formatMs(p95 ?? median)};{' '}
            </>
          )}
          {best}
        </p>
      </div>
      <div>
        <h3>Datagrams a message</h3>
        <p className={styles.figure}>
          {perMessage === null ? (
            'no message yet; '
          ) : (
            <>
              <strong>{perMessage.toFixed(1)}</strong> statuses included;{' '}
            </>
          )}
          at least {plural(Math.max(0, n - 1), 'rumor')}
          {redundantShare !== null && `; ${formatShare(redundantShare)} of the rumors redundant`}
        </p>
      </div>
      <IncompleteList measures={measures} />
    </section>
  )
}

function useMeasures(): Measures {
  const { store } = usePage()
  const [measures, setMeasures] = useState(() => measure(store.getState().lab))
  useEffect(() => {
    let measured = store.getState().lab
    const timer = setInterval(() => {
      const { lab } = store.getState()
      if (lab !== measured) setMeasures(measure(lab))
      measured = lab
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [store])
  return measures
}

function IncompleteList({ measures: { incomplete } }: { readonly measures: Measures }) {
  const { store } = usePage()
  if (incomplete.length === 0) return null
  return (
    <div>
      <h3>Not everywhere</h3>
      <ul className={styles.list}>
        {incomplete.slice(0, MAX_INCOMPLETE).map(({ message: { key, text, origin, seq }, held, of }) => (
          <li key={key}>
            <Button
              kind="quiet"
              className={styles.warning ?? ''}
              onClick={() => store.select({ kind: 'message', origin, seq })}
            >
              {text}: {held} of {of}
            </Button>
          </li>
        ))}
      </ul>
      {incomplete.length > MAX_INCOMPLETE && (
        <p className={styles.quiet}>and {incomplete.length - MAX_INCOMPLETE} more</p>
      )}
    </div>
  )
}
