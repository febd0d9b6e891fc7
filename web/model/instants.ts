/** Finds the lab at the sending and at the receipt of a datagram. */

import type { TracedDatagram } from '../../shared/model/trace.ts'
import type { Instants } from './meaning.ts'
import type { Past } from './time/past.ts'

/** A pointer that rests on a datagram causes a call with every frame. */
const REMEMBERED = 32

const found = new WeakMap<Past['history'], Map<string, Instants>>()

export function instantsOf({ history }: Past, { id, receivedIn }: TracedDatagram): Instants {
  const known = found.get(history) ?? new Map<string, Instants>()
  found.set(history, known)
  const name = `${id} ${receivedIn} ${history.base.last}`
  const instants = known.get(name) ?? {
    sent: stateAfter(history, id),
    received: receivedIn === null ? null : stateAfter(history, receivedIn - 1),
  }
  known.set(name, instants)
  for (const oldest of known.keys()) if (known.size > REMEMBERED) known.delete(oldest)
  return instants
}

const stateAfter = (history: Past['history'], number: number) =>
  number < history.base.last ? null : history.stateAt(number)
