/** One datagram: its content, the reason for sending it, and its meaning. */

import { formatInstant, formatMs } from '../../shared/text/format.ts'
import { describeShown } from '../model/describe.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { FactRow } from '../ui/ui.tsx'
import { DatagramBytes } from './DatagramBytes.tsx'
import styles from './Inspector.module.css'

const HEADINGS = {
  sent: 'Meaning when it was sent',
  received: 'Meaning when it arrived',
  always: 'Meaning',
}

export function DatagramPanel({ datagram }: { readonly datagram: number }) {
  const { store } = usePage()
  // The description changes with the lab.
  usePageState((state) => state.lab)
  const traced = store.trace.datagram(datagram)
  if (!traced) return null
  const { title, says, why, meaning, fate } = describeShown(store, traced)
  return (
    <section className={styles.part} aria-label="Datagram">
      <h2>{title}</h2>
      {traced.head === undefined ? (
        <p className={styles.wire}>{says}</p>
      ) : (
        <DatagramBytes head={traced.head} bytes={traced.bytes} content={traced.content} />
      )}
      <div>
        <h3>{HEADINGS[meaning.asOf ?? 'always']}</h3>
        <div className={styles.means}>
          {meaning.sentences.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </div>
      </div>
      <dl className={styles.facts}>
        <FactRow term="why" words={why} />
        <FactRow term="sent" words={`${formatInstant(traced.sentAt)}, ${traced.bytes} bytes`} />
        <FactRow term="link" words={formatMs(traced.arrivesAt - traced.sentAt)} />
        <FactRow term="outcome" words={fate} />
      </dl>
    </section>
  )
}
