/** Shown in place of the views until the page has seen a network. */

import type { ViewSource } from '../store/store.ts'
import { usePageState } from '../ui/page.ts'
import { Misunderstood } from '../ui/Trouble.tsx'
import styles from './Waiting.module.css'

const WAITING: Readonly<Record<Exclude<ViewSource['phase'], 'refused'>, string>> = {
  connecting: 'Connecting to the lab …',
  lost: 'Waiting for the lab to respond …',
  live: 'Loading the lab …',
  recording: 'Opening the recording …',
}

export function Waiting() {
  const connection = usePageState((state) => state.connection)
  const loaded = usePageState((state) => state.loaded)
  if (!loaded && connection.phase === 'refused') return <Misunderstood error={connection.error} />
  return (
    <p className={styles.waiting} role="status">
      {loaded || connection.phase === 'refused' ? 'Starting the first nodes …' : WAITING[connection.phase]}
    </p>
  )
}
