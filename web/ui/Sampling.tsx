/** Says in a view that not all events are shown, because there are so many. */

import { usePageState } from './page.ts'
import styles from './Sampling.module.css'

export function Sampling() {
  const every = usePageState(({ lab }) => Math.max(1, ...lab.nodes.map(({ sampling }) => sampling)))
  if (every === 1) return null
  return (
    <p className={styles.sampling} title="Only some datagrams are drawn. Counters stay exact">
      sampling: 1 in {every}
    </p>
  )
}
