/** The last decision about a held datagram: its forecast, and the lab before it, to show the changes since. */
import type { LabEvent } from '../../shared/model/event.ts'
import type { HeldDatagram, LabState } from '../../shared/model/lab-state.ts'
import { previewDelivery } from '../../shared/model/preview.ts'

/** Datagrams released within so many ms of each other belong to one command, `deliver all`. */
const SAME_WORD_MS = 150

export interface Delivery {
  /** When the last of them left, in ms of the lab. */
  readonly at: number
  readonly how: 'delivered' | 'dropped'
  /** In order of release. */
  readonly datagrams: readonly HeldDatagram[]
  /** The forecast of its delivery; empty when several left at once. */
  readonly foretold: readonly string[]
  readonly before: LabState
}

/** Returns the last step after these events; null once no gate holds datagrams any more. */
export function deliveryAfter(last: Delivery | null, before: LabState, events: readonly LabEvent[]): Delivery | null {
  let step = last
  for (const event of events) {
    if (event.type === 'network' || (event.type === 'links' && !holds(event.links))) step = null
    if (event.type !== 'sent' || event.held === undefined) continue
    const datagram = before.held[event.held]
    if (!datagram) continue
    const how = event.fate === undefined ? 'delivered' : 'dropped'
    const { at } = event
    if (step?.how === how && at - step.at < SAME_WORD_MS)
      step = { ...step, at, datagrams: [...step.datagrams, datagram], foretold: [] }
    else {
      const foretold = how === 'delivered' ? previewDelivery(before, datagram.number) : []
      step = { at, how, datagrams: [datagram], foretold, before }
    }
  }
  return step
}

const holds = (links: Readonly<Record<string, { readonly hold: boolean }>>) =>
  Object.values(links).some(({ hold }) => hold)
