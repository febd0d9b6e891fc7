/** One loop for everything that moves: once a frame, with the lab's time on screen. */

import type { Glow } from '../../model/flight.ts'

/** `now` is in ms of the lab. */
export type Frame = (now: number, glow: Glow) => void

export interface FrameLoop {
  /** A frame that throws gets its error and no further call; the others go on. */
  subscribe(frame: Frame, failed: (error: unknown) => void): () => void
  stop(): void
}

/** `timeNow` is called once a frame, then the duration of arrivals on screen. */
export function startFrameLoop(timeNow: () => number, glow: () => Glow): FrameLoop {
  const listeners = new Map<Frame, (error: unknown) => void>()
  let handle = requestAnimationFrame(run)
  function run() {
    handle = requestAnimationFrame(run)
    const now = timeNow()
    for (const [listener, failed] of listeners) {
      try {
        listener(now, glow())
      } catch (error) {
        listeners.delete(listener)
        failed(error)
      }
    }
  }
  return {
    subscribe(listener, failed) {
      listeners.set(listener, failed)
      return () => listeners.delete(listener)
    },
    stop: () => cancelAnimationFrame(handle),
  }
}
