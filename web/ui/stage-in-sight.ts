/** On a phone the panel covers the lower part of the page: scrolls the stage into view above it. */
import { ONE_COLUMN } from './use-media.ts'

export function bringStageInSight() {
  if (!matchMedia(ONE_COLUMN).matches) return
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const stage = document.querySelector('[data-topology]')
  stage?.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'start' })
}
