import { useEffect, useState } from 'react'
import { usePage } from '../page.ts'
import { useFailure } from '../use-failure.ts'

/** The lab's time that is shown, in ms, anew every so many ms. */
export function useLabTime(everyMs: number): number {
  const { frames } = usePage()
  const failed = useFailure()
  const [time, setTime] = useState(0)
  useEffect(
    () => frames.subscribe((now) => setTime((before) => (Math.abs(now - before) >= everyMs ? now : before)), failed),
    [frames, everyMs, failed],
  )
  return time
}
