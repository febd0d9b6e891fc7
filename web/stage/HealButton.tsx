/** Clears all faults; visible only while there are any. */
import { Bandage } from 'lucide-react'
import { isHealthy, type LinkCondition } from '../../shared/model/fault.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { HEAL_LINE } from '../model/lines.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { IconButton } from '../ui/ui.tsx'

export function HealButton() {
  const { act } = usePage()
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const isWrong = usePageState(({ lab }) => hasFaults(lab))
  if (!isWrong) return null
  return (
    <IconButton
      label="Heal everything: remove all faults of links and nodes"
      disabled={!live}
      onClick={() => void act(HEAL_LINE)}
    >
      <Bandage size={16} aria-hidden />
    </IconButton>
  )
}

/** A hold is no fault, and stays. */
const hasFaults = ({ links, nodes }: Pick<LabState, 'links' | 'nodes'>) =>
  nodes.some(({ behaviours }) => behaviours.length > 0) ||
  Object.values<LinkCondition>(links).some((link) => !isHealthy({ ...link, hold: false }))
