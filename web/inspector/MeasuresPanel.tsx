/** Shows the duration and the cost of spreading, beside the best that the network allows. */
import { useRef } from 'react'
import { nodeNames } from '../../shared/model/names.ts'
import { trafficWords } from '../../shared/model/traffic.ts'
import { formatCount, formatElapsed, formatMs, formatShare, plural } from '../../shared/text/format.ts'
import { type Cost, isInferred, type Measured, type Measures, measured, whyUntold } from '../model/measures.ts'
import { shown } from '../model/shown.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'
import { useLabTime } from '../ui/use-lab-time.ts'
import styles from './Inspector.module.css'

/** Interval at which values that depend on time only are updated, in ms of the lab. */
const EVERY_MS = 500

export function MeasuresPanel() {
  const measures = useMeasures()
  const { lab, messages, toAll, median, p95, perMessage, untold, diameter } = measures
  const delay = lab.settings?.linkDelayMs ?? 0
  const n = lab.nodes.length
  const best = `${plural(diameter, 'link')}${delay > 0 ? ` = ${formatMs(diameter * delay)}` : ''} from end to end`
  return (
    <section className={styles.measures} aria-label="Measures">
      <div>
        <h3>Time to all nodes</h3>
        <p className={styles.figure}>
          {median === null ? (
            <span>{messages === 0 ? 'no messages yet' : 'no message has reached all nodes yet'}</span>
          ) : (
            <span>
              <strong>{formatMs(median)}</strong> median of {toAll}, p95 {formatMs(p95 ?? median)}
            </span>
          )}
          {toAll > 0 && isInferred(lab) && <span>inferred from chat logs</span>}
          <span>{best}</span>
        </p>
      </div>
      <div>
        <h3>Datagrams per message</h3>
        <p className={styles.figure}>
          {perMessage !== null && <CostWords cost={perMessage} />}
          {messages === 0 && <span>no messages yet; at least {plural(Math.max(0, n - 1), 'rumor')}</span>}
          {untold > 0 && (
            <span>
              {plural(untold, 'message')} not counted: {whyUntold(lab)}
            </span>
          )}
        </p>
        {perMessage !== null && (
          <details className={styles.quiet}>
            <summary>How this is counted</summary>
            <p>
              Each message counts its rumors, their repeats and their acknowledgements. If a datagram carries or
              acknowledges several rumors, their messages share it equally. Other statuses count for no message.
            </p>
          </details>
        )}
      </div>
      <Comparisons {...measures} />
      <IncompleteList measures={measures} />
    </section>
  )
}

function CostWords({ cost }: { readonly cost: Cost }) {
  const { all, rumors, repeats, redundant, needed } = cost
  return (
    <>
      <span>
        <strong>{formatCount(all)}</strong> {trafficWords(cost)}
      </span>
      <span>
        at least {plural(needed, 'rumor')}, one for each copy
        {rumors > 0 && `; ${formatShare(redundant / (rumors + repeats))} were redundant`}
      </span>
    </>
  )
}

/** A separate line, because no message caused these periodic comparisons. */
function Comparisons({ lab: { comparisons, nodes }, at }: Measured) {
  const sampled = nodes.some(({ sampling }) => sampling > 1)
  if (comparisons === null || sampled || nodes.some(({ program }) => program)) return null
  const { count, since } = comparisons
  return (
    <div>
      <h3>Anti-entropy</h3>
      <p className={styles.figure}>
        <span>
          {plural(count, 'status', 'statuses')} in {formatElapsed(at - since)}, including greetings and requests
        </span>
      </p>
    </div>
  )
}

function useMeasures(): Measured {
  const { player } = usePage()
  const lab = usePageState((state) => state.lab)
  const stands = usePageState(({ mode }) => mode === 'paused')
  useLabTime(EVERY_MS)
  const last = useRef<Measured>(null)
  last.current = measured(last.current, lab, player.at, stands)
  return last.current
}

function IncompleteList({ measures: { incomplete, newest } }: { readonly measures: Measures }) {
  const { store } = usePage()
  if (incomplete === 0) return null
  return (
    <div>
      <h3>Not on all nodes</h3>
      <ul className={styles.list}>
        {newest.map(({ message: { key, text, origin, seq }, held, of, cutOff }) => (
          <li key={key}>
            <Button
              kind="quiet"
              className={styles.warning ?? ''}
              onClick={() => store.select({ kind: 'message', origin, seq })}
            >
              {shown(text)}: {held} of {of}
              {cutOff.length > 0 && `, cut off: ${nodeNames(cutOff)}`}
            </Button>
          </li>
        ))}
      </ul>
      {incomplete > newest.length && <p className={styles.quiet}>and {formatCount(incomplete - newest.length)} more</p>}
    </div>
  )
}
