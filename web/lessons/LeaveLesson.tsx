/** Asks whether to keep the network of the lesson or to start the previous one again. */
import { useState } from 'react'
import { shown } from '../model/shown.ts'
import { type Arrangement, linesToRestore } from '../store/undo/arrangement.ts'
import { restoreWords } from '../store/undo/offers.ts'
import { usePage } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'
import styles from './Lessons.module.css'
import { liveLab } from './live.ts'

interface Props {
  /** The network before the first lesson; null if there was none. */
  readonly before: Arrangement | null
  readonly stay: () => void
  readonly leave: (isRestored: boolean) => void
}

const HEAL = ['heal', 'hold timers off', 'hold off']

export function LeaveLesson({ before, stay, leave }: Props) {
  const page = usePage()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function leaveBy(lines: readonly string[], isRestored: boolean) {
    setBusy(true)
    const reply = await page.act(lines)
    if (reply.ok) return leave(isRestored)
    setError(reply.error)
    setBusy(false)
  }

  return (
    <section className={styles.panel} aria-label="Leave the lesson">
      <div className={styles.head}>
        <h2>Leave the lesson</h2>
      </div>
      <p className={styles.text}>
        The lesson replaced your network and caused faults in its own. Choose the network to go on with.
      </p>
      <div className={styles.column}>
        {before && (
          <>
            <Button
              kind="primary"
              disabled={busy}
              onClick={() => void leaveBy(linesToRestore(before, liveLab(page)), true)}
            >
              Restore the previous network
            </Button>
            <p className={styles.quiet}>{restoreWords(before)}</p>
          </>
        )}
        <Button disabled={busy} onClick={() => void leaveBy(HEAL, false)}>
          Keep this network and heal it
        </Button>
        <Button disabled={busy} onClick={() => leave(false)}>
          Keep this network as it is
        </Button>
        <Button kind="quiet" disabled={busy} onClick={stay}>
          Back to the lesson
        </Button>
      </div>
      {error !== null && (
        <p className={styles.failed} role="alert">
          {shown(error)}
        </p>
      )}
    </section>
  )
}
