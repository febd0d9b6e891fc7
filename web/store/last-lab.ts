/** Offers the automatic recording of the previous lab. */
import type { LastLab } from '../../shared/wire/protocol.ts'
import { remember, remembered } from './storage.ts'

/** Key under which this browser remembers whose recording was opened or dismissed. */
const SEEN_KEY = 'last-lab'

export interface LastLabOffer extends LastLab {
  /** Whether this browser has not been offered it. */
  readonly isNew: boolean
}

export const offerOf = (lastLab: LastLab | undefined): LastLabOffer | null =>
  lastLab ? { ...lastLab, isNew: lastLab.lab !== remembered(SEEN_KEY) } : null

/** Returns the offer once this browser has seen it. */
export function seenOf(offer: LastLabOffer): LastLabOffer {
  remember(SEEN_KEY, offer.lab)
  return { ...offer, isNew: false }
}
