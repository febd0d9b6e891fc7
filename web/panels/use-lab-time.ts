import { useEffect, useState } from 'react'
import { usePage } from '../page.ts'

/** The lab's time that is shown, in ms, anew every so many ms. */
export function useLabTime(everyMs: number): number {
  const { frames } = usePage()
  const [time, setTime] = useState(0)
  useEffect(
    () => frames.subscribe((now) => setTime((before) => (Math.abs(now - before) >= everyMs ? now : before))),
    [frames, everyMs],
  )
  return time
}
