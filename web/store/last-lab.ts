/** Offers the recording that the lab before made of itself. */
import type { LastLab } from '../../shared/wire/protocol.ts'
import { remember, remembered } from './storage.ts'

/** Where this browser remembers of which lab the recording was opened or not wanted. */
const SEEN_KEY = 'last-lab'

export interface LastLabOffer extends LastLab {
  /** This browser has not been offered it. */
  readonly isNew: boolean
}

export const offerOf = (lastLab: LastLab | undefined): LastLabOffer | null =>
  lastLab ? { ...lastLab, isNew: lastLab.lab !== remembered(SEEN_KEY) } : null

/** Returns the offer as it is once this browser has seen it. */
export function seenOf(offer: LastLabOffer): LastLabOffer {
  remember(SEEN_KEY, offer.lab)
  return { ...offer, isNew: false }
}
