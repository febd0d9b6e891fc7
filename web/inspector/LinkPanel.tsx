/** One link: its delay, and recent datagrams on it. */
import { useState } from 'react'
import { isLoss, lossBriefly } from '../../shared/model/losses.ts'
import { TRACE_MS, type TracedDatagram } from '../../shared/model/trace.ts'
import { formatCount, formatMs, plural } from '../../shared/text/format.ts'
import { titleOf } from '../model/describe.ts'
import { linkWords } from '../model/link-words.ts'
import { Acts } from '../ui/Acts.tsx'
import { Later } from '../ui/Later.tsx'
import { usePage } from '../ui/page.ts'
import { Button, Pill } from '../ui/ui.tsx'
import { useLabTime } from '../ui/use-lab-time.ts'
import { HeldList } from './HeldList.tsx'
import styles from './Inspector.module.css'

/** Only those who act need it. */
const linkForm = () => import('./LinkForm.tsx')

const MAX_LISTED = 14

/** Interval at which older datagrams are scanned, in ms of the lab. */
const EVERY_MS = 100

export function LinkPanel({ a, b }: { readonly a: number; readonly b: number }) {
  const { store } = usePage()
  const [all, setAll] = useState(false)
  useLabTime(EVERY_MS)
  const { lab } = store.getState()
  const rootId = lab.settings?.rootId ?? 0
  const [from, to] = [rootId + a, rootId + b]
  const isOurs = (datagram: Pick<TracedDatagram, 'from' | 'to'>) =>
    (datagram.from === from && datagram.to === to) || (datagram.from === to && datagram.to === from)
  const ours = store.trace.datagrams.filter(isOurs)
  const waiting = Object.values(lab.held).filter(isOurs)
  const sampled = [a, b].some((id) => (lab.nodes[id]?.sampling ?? 1) > 1)
  const runs = [a, b].every((id) => lab.nodes[id]?.status === 'running')
  const { label, fault } = linkWords(lab, a, b, lab.settings?.linkDelayMs ?? 0)
  return (
    <section className={styles.part} aria-label={`Link ${a} to ${b}`}>
      <h2>
        Link {a} – {b}{' '}
        <Pill tone={runs && fault === null ? undefined : 'warning'}>{runs ? label : 'one end is down'}</Pill>
      </h2>
      <Acts>
        <Later name="what can be done to the link" load={linkForm}>
          {(LinkForm) => <LinkForm a={a} b={b} />}
        </Later>
      </Acts>
      {waiting.length > 0 && (
        <div>
          <h3>Held: {plural(waiting.length, 'datagram')}</h3>
          <HeldList datagrams={waiting} />
        </div>
      )}
      <div>
        <h3>
          Datagrams, last {formatMs(TRACE_MS)}: {sampled && 'at least '}
          {formatCount(ours.length)}
        </h3>
        <ul className={styles.list}>
          {ours
            .slice(all ? 0 : -MAX_LISTED)
            .reverse()
            .map((datagram) => (
              <li key={datagram.id}>
                <Button kind="quiet" onClick={() => store.select({ kind: 'datagram', id: datagram.id })}>
                  {titleOf(datagram, lab)}
                  {endWords(datagram)}
                </Button>
              </li>
            ))}
        </ul>
        {!all && ours.length > MAX_LISTED && (
          <Button kind="quiet" onClick={() => setAll(true)}>
            Show {formatCount(ours.length - MAX_LISTED)} more
          </Button>
        )}
      </div>
    </section>
  )
}

function endWords({ lostAt, lostWhy }: TracedDatagram): string {
  if (lostAt === null || lostWhy === null) return ''
  return isLoss(lostWhy) ? ', lost' : `, ${lossBriefly(lostWhy, '')}`
}
