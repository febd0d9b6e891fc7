/** What shall become of the network that a lesson made. */
import { useState } from 'react'
import { usePage } from '../page.ts'
import { Button } from '../panels/ui.tsx'
import { shown } from '../shown.ts'
import styles from './Lessons.module.css'

interface Props {
  /** The lines that make the network of before. */
  readonly restore: readonly string[]
  readonly stay: () => void
  readonly leave: () => void
}

const HEAL = ['heal', 'hold timers off', 'hold off']

export function LeaveLesson({ restore, stay, leave }: Props) {
  const { act } = usePage()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function leaveBy(lines: readonly string[]) {
    setBusy(true)
    for (const line of lines) {
      const reply = await act(line)
      if (reply.ok) continue
      setError(`${line}: ${reply.error}`)
      setBusy(false)
      return
    }
    leave()
  }

  return (
    <section className={styles.panel} aria-label="Leave the lesson">
      <div className={styles.head}>
        <h2>Leave the lesson</h2>
      </div>
      <p className={styles.text}>The lesson made a network of its own, and made things go wrong in it.</p>
      <div className={styles.column}>
        <Button kind="primary" disabled={busy} onClick={() => void leaveBy(restore)}>
          Start the network of before
        </Button>
        <Button disabled={busy} onClick={() => void leaveBy(HEAL)}>
          Heal this one and keep it
        </Button>
        <Button disabled={busy} onClick={leave}>
          Leave it as it is
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
