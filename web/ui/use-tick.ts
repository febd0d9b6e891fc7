import { useEffect, useReducer } from 'react'

/** Draws anew every so many ms of the person, for what is read from outside React's state. */
export function useTick(everyMs: number) {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const timer = setInterval(draw, everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
