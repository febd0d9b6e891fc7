/** One loop for everything that moves: once a frame, with the lab's time that is shown. */

export type Frame = (now: number) => void

export interface Frames {
  subscribe(frame: Frame): () => void
  stop(): void
}

/** `timeNow` is asked once a frame. */
export function startFrames(timeNow: () => number): Frames {
  const listeners = new Set<Frame>()
  let handle = requestAnimationFrame(run)
  function run() {
    handle = requestAnimationFrame(run)
    const now = timeNow()
    for (const listener of listeners) listener(now)
  }
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => cancelAnimationFrame(handle),
  }
}
