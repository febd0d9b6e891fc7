/** Computes the stage's share of the height: the person's choice by the splitter, or the needs of the views below. */
import { useState } from 'react'
import { useStore } from 'zustand'
import { usePage } from '../ui/page.ts'

export interface Split {
  /** Share of the views; null while the stage takes the height that it needs. */
  readonly share: number | null
  /** Moves the splitter; this browser remembers it. */
  move(share: number | null): void
  /** Makes room for the views below, until the network changes: another network has another stage. */
  makeRoom(share: number): void
}

/** `network` names the network on the stage. */
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
