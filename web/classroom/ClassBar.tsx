/** In the header: shows the presenter the number of viewers and how to join, and a viewer whom they follow. */
import { Users } from 'lucide-react'
import { useStore } from 'zustand'
import { Later, LaterDialog } from '../ui/Later.tsx'
import type { OpenProps } from '../ui/Modal.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { Button, Roomy } from '../ui/ui.tsx'

const invitation = () => import('./InviteDialog.tsx')
const watching = () => import('./Watching.tsx')

export function ClassBar(props: OpenProps) {
  const role = useStore(usePage().classroom, (state) => state.role)
  if (role === 'viewer')
    return (
      <Later name="what a viewer can do" load={watching}>
        {(Watching) => <Watching {...props} />}
      </Later>
    )
  return <Presenting {...props} />
}

function Presenting({ open, onOpenChange }: OpenProps) {
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
