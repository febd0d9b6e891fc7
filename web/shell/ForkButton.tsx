/** Opens the fork of the instant on screen. */
import { GitFork } from 'lucide-react'
import { useState } from 'react'
import { LaterDialog } from '../ui/Later.tsx'
import { useMayAct, usePage, usePageState } from '../ui/page.ts'
import { IconButton } from '../ui/ui.tsx'

const forkDialog = () => import('../fork/ForkDialog.tsx')

export function ForkButton() {
  const { player, client, goOn, store } = usePage()
  const mayAct = useMayAct()
  const hasPrograms = usePageState(({ lab }) => lab.nodes.some(({ program }) => program))
  /** Whether the dialog shows the present, or an instant of the past. */
  const [opened, setOpened] = useState<'present' | 'past' | null>(null)
  // Most pages that were saved as a file lack the simulator, and no program of others can be simulated.
  if (!(client || goOn) || !mayAct || hasPrograms) return null
  function onOpenChange(isOpen: boolean) {
    if (isOpen) return
    setOpened(null)
    if (opened === 'present' && store.getState().recording === null) player.goLive()
  }
  return (
    <>
      <IconButton
        label="Fork here: what would happen otherwise?"
        onClick={() => {
          const { mode } = store.getState()
          if (mode !== 'paused') player.pause()
          setOpened(mode === 'live' ? 'present' : 'past')
        }}
      >
        <GitFork size={18} aria-hidden />
      </IconButton>
      {opened && (
        <LaterDialog name="the fork" load={forkDialog} onOpenChange={onOpenChange}>
          {(Dialog) => <Dialog open onOpenChange={onOpenChange} isPresent={opened === 'present'} />}
        </LaterDialog>
      )}
    </>
  )
}
