/** One loop for everything that moves: once a frame, with the lab's time that is shown. */

import type { Glow } from '../../model/flight.ts'

/** `now` in ms of the lab. */
export type Frame = (now: number, glow: Glow) => void

export interface FrameLoop {
  /** A frame that throws gets its error and no further call; the others go on. */
  subscribe(frame: Frame, failed: (error: unknown) => void): () => void
  stop(): void
}

/** `timeNow` is asked once a frame, and then how long arrivals stay to be seen. */
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
