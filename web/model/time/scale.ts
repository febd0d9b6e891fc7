/** Computes the stretch of time of the time bar. Pure. Times are in ms of the lab. */
import type { Mode } from './playhead.ts'

export interface Scale {
  /** The past that it belongs to: another lab or a recording has a scale of its own. */
  readonly of: object
  readonly from: number
  readonly to: number
}

export interface Shown {
  readonly of: object
  /** The first and the last known instant. */
  readonly from: number
  readonly to: number
  readonly at: number
  readonly mode: Mode
  /** Whether a pointer is on the bar. */
  readonly isHeld: boolean
}

/**
 * Returns the next scale. It grows with the past. Once the view is not live, it never shrinks, and it is fixed under a
 * pointer: a clicked instant is then shown where it was clicked.
 */
export function nextScale(before: Scale | null, { of, from, to, at, mode, isHeld }: Shown): Scale {
  const whole = { of, from, to: Math.max(from + 1, to, at) }
  if (mode === 'live' || before?.of !== of) return whole
  if (isHeld) return { ...before, to: Math.max(before.to, at) }
  return { ...whole, to: Math.max(before.to, whole.to) }
}

/** Margin on both sides of a framed run, as a share of it. */
const FRAME_MARGIN = 0.1

/** Returns the scale that shows one run, and the instant on screen if somebody has left that run. */
export function framedScale(run: Pick<Shown, 'from' | 'to'>, { of, at }: Pick<Shown, 'of' | 'at'>): Scale {
  const room = FRAME_MARGIN * Math.max(1, run.to - run.from)
  return { of, from: Math.max(0, Math.min(run.from - room, at)), to: Math.max(run.to + room, at) }
}
