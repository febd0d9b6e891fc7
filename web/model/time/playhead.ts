/**
 * Computes the position of the view in time. Pure: the page passes the elapsed time and the upcoming events. Times are
 * in ms of the lab.
 */

import { formatMs } from '../../../shared/text/format.ts'

export type Mode = 'live' | 'paused' | 'playing'

export interface Playhead {
  readonly mode: Mode
  /** Speed of the view's time while it plays: ms of the lab in a ms of the person. */
  readonly speed: number
  readonly at: number
  /** The event that the view is at, after a step: others may have the same time. */
  readonly event: number | null
}

const SLOWEST = 1 / 1_000
const FASTEST = 4
/** Highest pace of the clock of simulated nodes. */
const FASTEST_DRIVEN = 1_000

export const atStart: Playhead = { mode: 'live', speed: 1, at: 0, event: null }

/** The stretch that can be shown. */
export interface Prospect {
  /** The latest time that can be shown. */
  readonly head: number
  /** Whether the lab goes on, so that the head moves too; a recording ends. */
  readonly goesOn: boolean
  /** Whether the speed is that of the lab's own clock, as with simulated nodes: then the present has any speed. */
  readonly driven?: boolean
  /** Whether something moves at the playhead. */
  readonly busy: boolean
  /** Time of the next known event; null when there is none. */
  readonly next: number | null
}

/** Time kept before the next event when slow motion skips a longer quiet stretch, in ms of the person. */
export const QUIET_MS = 1_500
export const LEAD_MS = 400

/** Returns the playhead after `elapsed` ms of the person. */
export function move(playhead: Playhead, elapsed: number, prospect: Prospect): Playhead {
  const { head, goesOn, driven = false } = prospect
  if (playhead.mode === 'paused') return playhead
  if (playhead.mode === 'live') return goesOn ? { ...playhead, at: head } : { ...playhead, mode: 'paused', at: head }
  const moved = Math.min(head, skipQuiet(playhead.at + elapsed * playhead.speed, playhead.speed, prospect))
  const at = Math.max(playhead.at, moved)
  if (at < head) return { ...playhead, at, event: null }
  if (!goesOn) return { ...playhead, mode: 'paused', at: head, event: null }
  if (driven) return goLive(playhead, head, driven)
  // In slow motion it waits here for the next event, and then shows that slowly.
  return playhead.speed < 1 ? { ...playhead, at: head, event: null } : { ...live, at: head }
}

/** Only in slow motion: there an idle second takes a quarter of an hour. */
function skipQuiet(at: number, speed: number, { head, busy, next }: Prospect): number {
  if (speed >= 1 || busy) return at
  const upTo = next === null ? head : next - LEAD_MS * speed
  return upTo - at > QUIET_MS * speed ? upTo : at
}

const live: Playhead = atStart

export const pause = (playhead: Playhead): Playhead => ({ ...playhead, mode: 'paused' })
export const play = (playhead: Playhead): Playhead => ({ ...playhead, mode: 'playing', event: null })
export const seek = (playhead: Playhead, at: number): Playhead => ({
  ...playhead,
  // A playing playhead continues from there.
  mode: playhead.mode === 'playing' ? 'playing' : 'paused',
  at,
  event: null,
})
export const stepTo = (playhead: Playhead, event: number, at: number): Playhead => ({
  ...playhead,
  mode: 'paused',
  at,
  event,
})
/** Goes to the present, at real speed unless the speed is that of the lab. */
export const goLive = (playhead: Playhead, head: number, driven = false): Playhead => ({
  ...live,
  speed: driven ? playhead.speed : live.speed,
  at: Math.max(head, playhead.at),
})
/** Goes to the present; a view in slow motion stays slow. */
export const follow = (playhead: Playhead, head: number, driven = false): Playhead =>
  driven
    ? goLive(playhead, head, driven)
    : playhead.speed < 1
      ? { ...playhead, mode: 'playing', at: head, event: null }
      : goLive(playhead, head)

export function withSpeed(playhead: Playhead, wanted: number, driven = false): Playhead {
  const speed = Math.min(driven ? FASTEST_DRIVEN : FASTEST, Math.max(SLOWEST, wanted))
  // The live view of real nodes can only be slowed down.
  if (playhead.mode !== 'live' || driven) return { ...playhead, speed }
  return speed < 1 ? { ...playhead, mode: 'playing', speed } : playhead
}

/** The steps of the slider: logarithmic, and 1 is one of them. */
const SPEEDS = [SLOWEST, 1 / 500, 1 / 200, 1 / 100, 1 / 50, 1 / 20, 1 / 10, 1 / 5, 1 / 2, 1, 2, FASTEST]
const DRIVEN_SPEEDS = [...SPEEDS, 10, 20, 50, 100, 200, 500, FASTEST_DRIVEN]
const speedsOf = (driven: boolean) => (driven ? DRIVEN_SPEEDS : SPEEDS)
export const mostSpeedStep = (driven = false): number => speedsOf(driven).length - 1
export const speedOfStep = (step: number, driven = false): number =>
  speedsOf(driven)[Math.min(mostSpeedStep(driven), Math.max(0, step))] ?? 1
export const stepOfSpeed = (speed: number): number => DRIVEN_SPEEDS.findIndex((candidate) => candidate >= speed - 1e-9)

/** Returns "1/100 · 10 ms per second": slow motion always shows the real speed. */
export function speedWords(speed: number): { readonly rate: string; readonly real: string } {
  const rate = speed < 1 ? `1/${Math.round(1 / speed)}` : `${speed}×`
  const ms = speed * 1_000
  return {
    rate,
    real: ms === 1_000 ? 'real time' : `${formatMs(ms)} per second`,
  }
}
