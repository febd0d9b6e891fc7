/** Moves the focus from a node on the stage to the field for a message to it, and back. */
import { flushSync } from 'react-dom'
import type { PageStore } from '../store/store.ts'
import { TOUCHED } from './use-media.ts'

/** Selects a node by a click or a tap, and goes to its message field. */
export function chooseNode({ select }: Pick<PageStore, 'select'>, id: number) {
  // The panel must exist before its field can have the focus.
  flushSync(() => select({ kind: 'node', id }))
  // The keyboard of a touch screen would cover the stage with every tap: there the field waits for a tap of its own.
  if (!matchMedia(TOUCHED).matches) focusField(id)
}

/** Selects a node by a key, and goes to its message field, on a touch screen too: there is a keyboard. */
export function writeToNode({ select }: Pick<PageStore, 'select'>, id: number): boolean {
  flushSync(() => select({ kind: 'node', id }))
  return focusField(id)
}

/** Goes to the node on the stage, from which arrow keys go on to others. */
export const focusNode = (id: number) => document.querySelector<SVGElement>(`[data-node="${id}"]`)?.focus()

/** Returns false if there is no such field: the node does not run, or this person only watches. */
function focusField(id: number): boolean {
  const field = document.querySelector<HTMLInputElement>(`input[data-message-to="${id}"]`)
  field?.focus()
  return field !== null
}
