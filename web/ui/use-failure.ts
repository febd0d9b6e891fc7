import { useCallback, useState } from 'react'

/** Throws an error from outside of React, such as one in a frame, in the view that it belongs to. */
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
