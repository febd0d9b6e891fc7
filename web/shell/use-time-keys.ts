/**
 * Handles the keys of time. While the view is paused, left and right step through time, also with a node focused (up
 * and down still go from node to node); while it moves they go from node to node.
 */
import { useEffect } from 'react'
import { speedOfStep, stepOfSpeed } from '../model/time/playhead.ts'
import type { Player } from '../store/player.ts'
import { isKeyTaken, watchClicks } from '../ui/keys.ts'
import { usePage } from '../ui/page.ts'

export const TIME_SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Space .', does: 'pause or play the view; the nodes never wait' },
  { keys: '← →', does: 'while paused: previous or next event' },
  { keys: '⇧← ⇧→', does: 'previous or next landmark: a first copy, a loss, a crash, an agreement' },
  { keys: '[ ]', does: 'slower, faster' },
  { keys: 'Home End', does: 'go to the beginning or to now' },
]

/** The same keys where they drive the clock of simulated nodes. */
export const CLOCK_SHORTCUTS: typeof TIME_SHORTCUTS = [
  { keys: 'Space .', does: 'stop or run the clock' },
  { keys: '← →', does: 'while it stands: previous event; next event, also one that is still to come' },
  ...TIME_SHORTCUTS.slice(2),
]

export function useTimeKeys() {
  const { player, store } = usePage()
  useEffect(() => {
    const stopWatching = watchClicks()
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isKeyTaken(event)) return
      const { mode } = store.getState()
      if (act(event.key, event.shiftKey, player, mode === 'paused', store.past.history.from)) event.stopPropagation()
      // Page keys, which a remote sends to go on in a lesson, must not move a slider.
      else if (!event.key.startsWith('Page') || !isSlider(event.target)) return
      event.preventDefault()
    }
    // In the capture phase, before a node of the stage takes the key.
    document.addEventListener('keydown', onKey, true)
    return () => {
      document.removeEventListener('keydown', onKey, true)
      stopWatching()
    }
  }, [player, store])
}

const isSlider = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type === 'range'

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
      player.setSpeed(speedOfStep(stepOfSpeed(player.speed) + (key === '[' ? -1 : 1), player.driven))
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
