import { shown } from '../model/shown.ts'
import styles from './Refusal.module.css'

/** The reason why a button's command was refused; nothing when it was not. See useLine. */
export function Refusal({ error }: { readonly error: string | null }) {
  if (error === null) return null
  return (
    <p className={styles.warning} role="alert">
      {shown(error)}
    </p>
  )
}
