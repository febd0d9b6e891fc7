/** Opens the fork of the instant on screen. */
import { GitFork } from 'lucide-react'
import { useState } from 'react'
import { LaterDialog } from '../ui/Later.tsx'
import { useMayAct, usePage } from '../ui/page.ts'
import { IconButton } from '../ui/ui.tsx'

const forkDialog = () => import('../fork/ForkDialog.tsx')

export function ForkButton() {
  const { player, client, goOn, store } = usePage()
  const mayAct = useMayAct()
  const [isOpen, setOpen] = useState(false)
  // Most pages that were saved as a file lack the simulator.
  if (!(client || goOn) || !mayAct) return null
  return (
    <>
      <IconButton
        label="Fork here: what would happen otherwise?"
        onClick={() => {
          if (store.getState().mode !== 'paused') player.pause()
          setOpen(true)
        }}
      >
        <GitFork size={18} aria-hidden />
      </IconButton>
      {isOpen && (
        <LaterDialog name="the fork" load={forkDialog} onOpenChange={setOpen}>
          {(Dialog) => <Dialog open onOpenChange={setOpen} />}
        </LaterDialog>
      )}
    </>
  )
}
