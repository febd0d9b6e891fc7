/**
 * Holds every datagram and pauses the protocol's timers, so that nothing moves while people talk; and releases both.
 */
import { Hand } from 'lucide-react'
import { holdLines, isHolding } from '../model/held.ts'
import { whyNot } from '../model/why-not.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'

export function HoldButton() {
  const page = usePage()
  const holding = usePageState(({ lab }) => isHolding(lab))
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const why = usePageState(({ lab }) => whyNot(lab, 'all', 'hold'))
  return (
    <Button
      disabled={!live}
      whyNot={holding ? undefined : why}
      aria-pressed={holding}
      aria-keyshortcuts="Alt+H"
      title={
        holding
          ? 'Release all held datagrams and let the timers run'
          : 'Hold every datagram and the protocol’s timers, so that nothing moves until you step or deliver'
      }
      onClick={() => void page.act(holdLines(page.store.getState().lab))}
    >
      <Hand size={16} aria-hidden /> Hold
    </Button>
  )
}
