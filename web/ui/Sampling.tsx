/** Says in a view that not all events are shown, because there are so many. */

import { usePageState } from './page.ts'
import styles from './Sampling.module.css'

export function Sampling() {
  const every = usePageState(({ lab }) => Math.max(1, ...lab.nodes.map(({ sampling }) => sampling)))
  if (every === 1) return null
  return (
    <p className={styles.sampling} title="Counters stay exact; of the datagrams only some are drawn">
      sampling: 1 in {every}
    </p>
  )
}
