import { useCallback, useState } from 'react'

/** What goes wrong outside of React, as in a frame, goes wrong in the view that it belongs to. */
export function useFailure(): (error: unknown) => void {
  const [, fail] = useState(null)
  return useCallback(
    (error) =>
      fail(() => {
        throw error
      }),
    [],
  )
}
