/** Something is to go by itself, and nothing is to move under a hand. */

/** A hand that did nothing for so long rests, in ms of the person. */
const CALM_MS = 3_000
const DEEDS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/** Runs once so many ms have gone by and nobody has pointed, typed or scrolled lately. Returns what calls it off. */
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
