/** Runs an automatic change only when it does not move anything under a pointer. */

/** Time without action after which a pointer rests, in ms of the person. */
const CALM_MS = 3_000
const DEEDS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/**
 * Runs once so many ms have passed and nobody has pointed, typed or scrolled recently. Returns a function that cancels
 * it.
 */
export function whenCalm(ms: number, run: () => void, target: Pick<Window, DeedTarget> = window): () => void {
  let timer = setTimeout(end, ms)
  let lastDeed = Number.NEGATIVE_INFINITY
  function end() {
    const left = lastDeed + CALM_MS - performance.now()
    if (left > 0) timer = setTimeout(end, left)
    else {
      off()
      run()
    }
  }
  function note() {
    lastDeed = performance.now()
  }
  function off() {
    clearTimeout(timer)
    for (const deed of DEEDS) target.removeEventListener(deed, note)
  }
  for (const deed of DEEDS) target.addEventListener(deed, note, { passive: true })
  return off
}

type DeedTarget = 'addEventListener' | 'removeEventListener'
