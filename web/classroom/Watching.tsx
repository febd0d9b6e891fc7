/** In the header of a viewer: says that they watch, and whether they follow the presenter. */
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { isKeyTaken } from '../ui/keys.ts'
import { LaterDialog } from '../ui/Later.tsx'
import type { OpenProps } from '../ui/Modal.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { Button, Roomy } from '../ui/ui.tsx'
import styles from './ClassBar.module.css'

const explanation = () => import('./WatchingDialog.tsx')

/** A viewer's clicks and keys change only their own view. */
const OWN = 'main, aside, [data-time-bar]'
/** Keys that choose or move something, wherever the focus is; see `use-shortcuts.ts`. */
const MOVES = /^(\d|d| |Enter|Escape|[.[\]]|Home|End|Arrow.*)$/

export default function Watching({ open, onOpenChange }: OpenProps) {
  const { classroom, follower } = usePage()
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const following = useStore(classroom, (state) => state.following) && live
  useEffect(() => {
    const isOwn = ({ target, isTrusted }: Event) =>
      isTrusted && target instanceof Element && target.closest(OWN) !== null
    const onTouch = (event: Event) => {
      if (isOwn(event)) follower.leave()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.isTrusted && !isKeyTaken(event) && MOVES.test(event.key)) follower.leave()
    }
    document.addEventListener('click', onTouch, true)
    document.addEventListener('input', onTouch, true)
    document.addEventListener('keydown', onKey, true)
    return () => {
      document.removeEventListener('click', onTouch, true)
      document.removeEventListener('input', onTouch, true)
      document.removeEventListener('keydown', onKey, true)
    }
  }, [follower])
  return (
    <div className={styles.watching}>
      <span>You are watching</span>
      <Button kind="quiet" onClick={() => onOpenChange(true)} aria-label="Why can I only watch?">
        Why?
      </Button>
      <Button
        aria-pressed={following}
        className={styles.follow}
        disabled={!live}
        onClick={() => (following ? follower.leave() : follower.follow())}
      >
        {following ? 'Following' : 'Follow'}
        <Roomy from={400}> the presenter</Roomy>
      </Button>
      {open && (
        <LaterDialog name="the explanation" load={explanation} onOpenChange={onOpenChange}>
          {(Dialog) => <Dialog open onOpenChange={onOpenChange} />}
        </LaterDialog>
      )}
    </div>
  )
}
