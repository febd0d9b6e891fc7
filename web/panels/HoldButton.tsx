/** Closes the gate of every link, and opens them again. */
import { Hand } from 'lucide-react'
import { usePage, usePageState } from '../page.ts'
import { isGateClosed } from './held.ts'
import { holdLine } from './lines.ts'
import { Button } from './ui.tsx'

export function HoldButton() {
  const { act } = usePage()
  const closed = usePageState(({ lab }) => isGateClosed(lab))
  const live = usePageState(({ connection }) => connection.phase === 'live')
  return (
    <Button
      disabled={!live}
      aria-pressed={closed}
      aria-keyshortcuts="Alt+H"
      title={closed ? 'Lets go what waits, and holds nothing any more' : 'Datagrams wait until you let each one go'}
      onClick={() => void act(holdLine(!closed))}
    >
      <Hand size={16} aria-hidden /> Hold
    </Button>
  )
}
