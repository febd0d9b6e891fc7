/** In the header: shows the presenter the number of viewers and how to join, and a viewer whom they follow. */
import { Users } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { isKeyTaken } from '../ui/keys.ts'
import { LaterDialog } from '../ui/Later.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { Button, Roomy } from '../ui/ui.tsx'
import styles from './ClassBar.module.css'

const invitation = () => import('./InviteDialog.tsx')
const explanation = () => import('./WatchingDialog.tsx')

interface Props {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export function ClassBar(props: Props) {
  const role = useStore(usePage().classroom, (state) => state.role)
  if (role === 'viewer') return <Watching {...props} />
  return <Presenting {...props} />
}

function Presenting({ open, onOpenChange }: Props) {
  const { act, classroom } = usePage()
  const viewers = useStore(classroom, (state) => state.viewers)
  const chat = usePageState(({ lab }) => lab.viewersMay === 'chat')
  const live = usePageState(({ connection }) => connection.phase === 'live')
  return (
    <>
      {chat && (
        <Button kind="warning" disabled={!live} onClick={() => void act('viewers may watch')}>
          End the chat
        </Button>
      )}
      <Button
        onClick={() => onOpenChange(true)}
        aria-label={viewers > 0 ? `Invite: ${viewers} watching` : 'Invite'}
        aria-keyshortcuts="Alt+I"
        title="Let others watch"
      >
        <Users size={18} aria-hidden />
        <Roomy from={900}>{viewers > 0 ? `${viewers} watching` : 'Invite'}</Roomy>
      </Button>
      {open && (
        <LaterDialog name="the invitation" load={invitation} onOpenChange={onOpenChange}>
          {(Dialog) => <Dialog open onOpenChange={onOpenChange} />}
        </LaterDialog>
      )}
    </>
  )
}

/** A viewer's clicks and keys change only their own view. */
const OWN = 'main, aside, [data-time-bar]'
/** Keys that choose or move something, wherever the focus is; see `use-shortcuts.ts`. */
const MOVES = /^(\d|d| |Enter|Escape|[.[\]]|Home|End|Arrow.*)$/

function Watching({ open, onOpenChange }: Props) {
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
