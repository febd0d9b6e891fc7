import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../ui/ui.tsx'
import styles from './Banner.module.css'

interface CalmProps {
  readonly words: ReactNode
  readonly close: () => void
  /** It has few words: on a phone they are beside its button. */
  readonly isBrief?: boolean
  readonly children?: ReactNode
}

/** A banner that a person can dismiss. */
export function Calm({ words, close, isBrief = false, children }: CalmProps) {
  return (
    <div className={styles.banner} data-tone="calm" data-brief={isBrief} role="status">
      <span className={styles.words}>{words}</span>
      <span className={styles.actions}>{children}</span>
      <IconButton label="Dismiss" onClick={close}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  )
}
