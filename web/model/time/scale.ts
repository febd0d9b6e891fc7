/** Which stretch of time the bar of time shows. Pure. Times are in ms of the lab. */
import type { Mode } from './playhead.ts'

export interface Scale {
  /** The past that it belongs to: another lab or a recording has a scale of its own. */
  readonly of: object
  readonly from: number
  readonly to: number
}

export interface Shown {
  readonly of: object
  /** The first and the last instant that are known. */
  readonly from: number
  readonly to: number
  readonly at: number
  readonly mode: Mode
  /** A pointer is on the bar. */
  readonly isHeld: boolean
}

/**
 * Returns the scale that follows the one before. It grows with the past. Once the view is not live, it never shrinks, and
 * it stands still under the hand: what is clicked is then shown where it was clicked.
 */
export function nextScale(before: Scale | null, { of, from, to, at, mode, isHeld }: Shown): Scale {
  const whole = { of, from, to: Math.max(from + 1, to, at) }
  if (mode === 'live' || before?.of !== of) return whole
  if (isHeld) return { ...before, to: Math.max(before.to, at) }
  return { ...whole, to: Math.max(before.to, whole.to) }
}

/** Room on both sides of a run that is kept in sight, as a share of it. */
const FRAME_MARGIN = 0.1

/** Returns the scale that shows one run, and the instant that is shown where somebody has left that run. */
export function framedScale(run: Pick<Shown, 'from' | 'to'>, { of, at }: Pick<Shown, 'of' | 'at'>): Scale {
  const room = FRAME_MARGIN * Math.max(1, run.to - run.from)
  return { of, from: Math.max(0, Math.min(run.from - room, at)), to: Math.max(run.to + room, at) }
}
