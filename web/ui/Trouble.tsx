/** Says why the page cannot continue, and what to do. */

import { shownLines } from '../model/shown.ts'
import styles from './Trouble.module.css'
import { Button } from './ui.tsx'

/** For developers: available, but unobtrusive. */
export function Technical({ text }: { readonly text: string }) {
  return (
    <details className={styles.technical}>
      <summary>Technical details</summary>
      <code>{shownLines(text.split('\n'))}</code>
    </details>
  )
}

export function ReloadButton({ kind = 'plain' }: { readonly kind?: 'plain' | 'primary' }) {
  return (
    <Button kind={kind} onClick={() => location.reload()}>
      Reload the page
    </Button>
  )
}

/** In place of everything: no message of the lab was valid yet. */
export function Misunderstood({ error }: { readonly error: string }) {
  return (
    <div role="alert" className={styles.failed} data-all>
      <h2>This page and the lab do not understand each other</h2>
      <p>
        They are probably different versions. Reload the page. If that does not help, stop the lab and start it again.
      </p>
      <div className={styles.ways}>
        <ReloadButton kind="primary" />
        <Technical text={error} />
      </div>
    </div>
  )
}
