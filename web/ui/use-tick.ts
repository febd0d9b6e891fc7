import { useEffect, useReducer } from 'react'

/** Redraws every so many ms of the person, for values from outside React's state. */
export function useTick(everyMs: number) {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const timer = setInterval(draw, everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
