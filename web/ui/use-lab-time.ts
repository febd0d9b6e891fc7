import { useEffect, useState } from 'react'
import { usePage, usePageState } from './page.ts'
import { useFailure } from './use-failure.ts'

/** Returns the lab's time on screen, in ms, updated every so many ms; with every step while the view is paused. */
export function useLabTime(everyMs: number): number {
  const { frames } = usePage()
  const failed = useFailure()
  const stands = usePageState(({ mode }) => mode === 'paused')
  const step = stands ? 0 : everyMs
  const [time, setTime] = useState(0)
  useEffect(
    () => frames.subscribe((now) => setTime((before) => (Math.abs(now - before) >= step ? now : before)), failed),
    [frames, step, failed],
  )
  return time
}
