import { useCallback, useSyncExternalStore } from 'react'

/**
 * So narrow that the views stand in one column and the page scrolls. In ems, here and in the style sheets: with type that
 * is twice as large, half of a screen is as wide.
 */
export const ONE_COLUMN = '(max-width: 56.2em)'

/** Whether a media query fits, kept up to date. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
