/**
 * The keys of time. While the view stands still, left and right step through time, also with a node focused (up and down
 * still go from node to node); while it moves they go from node to node.
 */
import { useEffect } from 'react'
import { usePage } from './page.ts'
import type { Player } from './time/player.ts'
import { speedOfStep, stepOfSpeed } from './time/playhead.ts'

export const TIME_SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Space .', does: 'pause the view, or go on; the nodes never wait' },
  { keys: '← →', does: 'paused: one event back or on' },
  { keys: '⇧← ⇧→', does: 'back or on to what stands out: a first copy, a loss, a crash, an agreement' },
  { keys: '[ ]', does: 'slower, faster' },
  { keys: 'Home End', does: 'to the beginning, to what happens now' },
]

/** They have a use of their own for these keys. */
const OWN_KEYS = 'input, textarea, select, [contenteditable], [role="dialog"], [role="tab"], [role="listbox"]'

export function useTimeKeys() {
  const { player, store } = usePage()
  useEffect(() => {
    /** Whether what is focused was gone to by keyboard: then Space presses it. After a click, Space means the view. */
    let byKeyboard = false
    const onPointer = () => {
      byKeyboard = false
    }
    function onKey(event: KeyboardEvent) {
      const { target, ctrlKey, metaKey, altKey } = event
      if (ctrlKey || metaKey || altKey || !(target instanceof Element) || target.closest(OWN_KEYS)) return
      if (event.key === 'Tab') byKeyboard = true
      if (event.key === ' ' && byKeyboard && target.closest('button, a, summary, [role="button"]')) return
      const { mode } = store.getState()
      if (!act(event.key, event.shiftKey, player, mode === 'paused', store.past.history.from)) {
        if (event.key.startsWith('Arrow')) byKeyboard = true
        return
      }
      event.preventDefault()
      event.stopPropagation()
    }
    // Before a node of the stage takes the key for itself.
    document.addEventListener('keydown', onKey, true)
    document.addEventListener('pointerdown', onPointer, true)
    return () => {
      document.removeEventListener('keydown', onKey, true)
      document.removeEventListener('pointerdown', onPointer, true)
    }
  }, [player, store])
}

function act(key: string, shift: boolean, player: Player, paused: boolean, from: number): boolean {
  switch (key) {
    case ' ':
    case '.':
      player.toggle()
      return true
    case 'ArrowLeft':
    case 'ArrowRight': {
      const by = key === 'ArrowLeft' ? -1 : 1
      if (shift) player.stepLandmark(by)
      else if (paused) player.stepEvent(by)
      return shift || paused
    }
    case '[':
    case ']':
      player.setSpeed(speedOfStep(stepOfSpeed(player.speed) + (key === '[' ? -1 : 1)))
      return true
    case 'Home':
      player.pause()
      player.seek(from)
      return true
    case 'End':
      player.goLive()
      return true
    default:
      return false
  }
}
