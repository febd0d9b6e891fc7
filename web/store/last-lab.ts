/** Offers the recording that the lab before made of itself. */
import type { LastLab } from '../../shared/protocol.ts'

/** Where this browser remembers of which lab the recording was opened or not wanted. */
export const SEEN_KEY = 'last-lab'

export interface LastLabOffer extends LastLab {
  /** This browser has not been offered it. */
  readonly isNew: boolean
}

export const offerOf = (lastLab: LastLab | undefined): LastLabOffer | null =>
  lastLab ? { ...lastLab, isNew: lastLab.lab !== seen() } : null

/** A browser may forbid storage; then it is offered again after a reload. */
function seen(): string | null {
  try {
    return localStorage.getItem(SEEN_KEY)
  } catch {
    return null
  }
}
