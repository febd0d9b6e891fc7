/** All datagrams held at the gates, an inbox for each node. */

import { portName } from '../../shared/model/names.ts'
import { plural } from '../../shared/text/format.ts'
import { inboxesOf } from '../model/held.ts'
import { usePageState } from '../ui/page.ts'
import { Pill } from '../ui/ui.tsx'
import { HeldList } from './HeldList.tsx'
import styles from './Inspector.module.css'

export function HeldPanel() {
  const lab = usePageState((state) => state.lab)
  const inboxes = inboxesOf(Object.values(lab.held))
  const count = Object.keys(lab.held).length
  return (
    <section className={styles.part} aria-label="Held datagrams">
      <h2>
        Held <Pill>{plural(count, 'datagram')}</Pill>
      </h2>
      {count === 0 && (
        <p className={styles.quiet}>
          Datagrams that nodes send wait here and on the stage until you deliver or drop them.
        </p>
      )}
      {inboxes.map(({ to, datagrams }) => (
        <div key={to}>
          <h3>
            For {portName(to, lab)}: {plural(datagrams.length, 'datagram')}
          </h3>
          <HeldList datagrams={datagrams} />
        </div>
      ))}
    </section>
  )
}
