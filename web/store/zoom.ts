/** Controls the length of the past in the space-time diagram, and the chosen span. */

import type { EventHistory } from '../../shared/model/history.ts'
import type { Mode } from '../model/time/playhead.ts'
import type { Span } from '../model/time/span.ts'
import type { Player } from './player.ts'
import type { PageStore } from './store.ts'

/** Bounds in ms: a datagram on this machine, and the past that the diagram can look back. */
export const LEAST_SHOWN_MS = 0.5
export const MOST_SHOWN_MS = 120_000
/** The factor of one press on a button or a key. */
export const ZOOM_STEP = 1.6
/** Margin around a span that is zoomed to, as a share of it. */
const MARGIN = 0.1

interface Viewed {
  readonly store: PageStore
  readonly player: Player
}

interface Pace {
  readonly windowMs: number
  readonly mode: Mode
  readonly speed: number
}

/** Share of the window that is shown. In slow motion it is the speed, so that even a thousandth of a second is visible. */
const paceOf = ({ mode, speed }: Pick<Pace, 'mode' | 'speed'>) => (mode === 'live' ? 1 : Math.min(1, speed))
export const shownMs = (pace: Pace): number => pace.windowMs * paceOf(pace)

const clampShown = (ms: number): number => Math.min(MOST_SHOWN_MS, Math.max(LEAST_SHOWN_MS, ms))

/** Shows a longer time (a factor above 1) or a shorter one. While time is paused, the instant `at` stays in place. */
export function zoom({ store, player }: Viewed, factor: number, at: number | null = null) {
  const state = store.getState()
  const before = shownMs(state)
  const after = clampShown(before * factor)
  if (after === before) return
  store.setState({ windowMs: after / paceOf(state) })
  if (state.mode === 'paused' && at !== null) player.seek(at + ((player.at - at) * after) / before)
}

/** Moves the view by `ms`, back in time if that is negative, and pauses it there. */
export function pan({ player }: Viewed, ms: number) {
  player.seek(player.at + ms)
}

export function zoomToSpan({ store, player }: Viewed) {
  const { span } = store.getState()
  if (!span) return
  player.pause()
  const { end, windowMs } = spanShown(span, store.getState().speed)
  player.seek(end)
  store.setState({ windowMs })
}

/** Returns the instant and the length for a paused view that shows a span with a small margin. */
export function spanShown({ from, to }: Span, speed: number): { end: number; windowMs: number } {
  const length = Math.max(LEAST_SHOWN_MS, to - from)
  return {
    end: to + length * MARGIN,
    windowMs: clampShown(length * (1 + 2 * MARGIN)) / paceOf({ mode: 'paused', speed }),
  }
}

/** Returns the number of datagrams sent in a span, whether or not the diagram draws them. */
export function sentWithin(history: Pick<EventHistory, 'numberAt' | 'between'>, { from, to }: Span): number {
  const events = history.between(history.numberAt(from), history.numberAt(to))
  return events.filter(({ type }) => type === 'sent').length
}

/** Returns everything that the diagram shows now. */
export function chooseShown({ store, player }: Viewed) {
  const { at } = player
  store.setState({ span: { from: Math.max(0, at - shownMs(store.getState())), to: at } })
}
