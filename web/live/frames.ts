/** One loop for everything that moves: once a frame, with the lab's time that is shown. */

import type { Glow } from '../time/player.ts'

/** `now` in ms of the lab. */
export type Frame = (now: number, glow: Glow) => void

export interface Frames {
  subscribe(frame: Frame): () => void
  stop(): void
}

/** `timeNow` is asked once a frame, and then how long arrivals stay to be seen. */
export function startFrames(timeNow: () => number, glow: () => Glow): Frames {
  const listeners = new Set<Frame>()
  let handle = requestAnimationFrame(run)
  function run() {
    handle = requestAnimationFrame(run)
    const now = timeNow()
    for (const listener of listeners) listener(now, glow())
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => cancelAnimationFrame(handle),
  }
}
