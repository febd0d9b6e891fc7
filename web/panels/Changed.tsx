/** In the header: the settings of the protocol that are not as they are by default, and the way back. */
import type { Settings } from '../../shared/gossip/settings.ts'
import { useMayActHere, usePage } from '../page.ts'
import styles from './Header.module.css'
import { DEFAULTS_LINE } from './lines.ts'
import { changedWords } from './network-words.ts'
import { Button } from './ui.tsx'

/** More would push the buttons out of the header. */
const MOST_NAMED = 2

export function Changed({ settings }: { readonly settings: Settings }) {
  const { act } = usePage()
  const mayAct = useMayActHere()
  const all = changedWords({ gossip: settings })
  if (all.length === 0) return null
  const named = all.slice(0, MOST_NAMED)
  const more = all.length - named.length
  return (
    <span className={styles.changed}>
      <small title={`Not the default: ${all.join(', ')}`}>
        {named.join(' · ')}
        {more > 0 && ` · ${more} more`}
      </small>
      {mayAct && (
        <Button
          kind="quiet"
          className={styles.back ?? ''}
          title={DEFAULTS_LINE}
          onClick={() => void act(DEFAULTS_LINE)}
        >
          Reset
        </Button>
      )}
    </span>
  )
}
