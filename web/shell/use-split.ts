/** How much of the height is the stage's: what the person made it with the splitter, or what the views below need. */
import { useState } from 'react'
import { useStore } from 'zustand'
import { usePage } from '../ui/page.ts'

export interface Split {
  /** Of the views, as a share; null while the stage takes the height that it needs. */
  readonly share: number | null
  /** Moves the splitter; this browser remembers it. */
  move(share: number | null): void
  /** Makes room for the views below. Another network has another stage, so this lasts as long as the network. */
  makeRoom(share: number): void
}

/** `network` names what stands on the stage. */
export function useSplit(network: string): Split {
  const { split } = usePage()
  const moved = useStore(split)
  const [made, setMade] = useState<{ readonly share: number; readonly network: string } | null>(null)
  if (made !== null && made.network !== network) setMade(null)
  return {
    share: made?.network === network ? made.share : moved,
    move(share) {
      setMade(null)
      split.setState(share, true)
    },
    makeRoom: (share) => setMade({ share, network }),
  }
}
