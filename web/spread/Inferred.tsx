/** Says beside the name of the spread that its times come from chat logs. */
import { usePageState } from '../ui/page.ts'
import styles from './Spread.module.css'

export function Inferred() {
  const isInferred = usePageState(({ lab }) => lab.messages.length > 0 && lab.nodes.some(({ program }) => program))
  if (!isInferred) return null
  return (
    <p className={styles.inferred} title="The lab infers the times of programs from their chat logs">
      times inferred
    </p>
  )
}
