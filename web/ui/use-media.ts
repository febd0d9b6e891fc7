import { useCallback, useMemo, useSyncExternalStore } from 'react'

/**
 * So narrow that the views stand in one column and the page scrolls. In ems, here and in the style sheets: with type that
 * is twice as large, half of a screen is as wide.
 */
export const ONE_COLUMN = '(max-width: 56.2em)'

/** Fingers are less exact than a mouse, and a tap into a field opens a keyboard. */
export const TOUCHED = '(pointer: coarse)'

/** Whether a media query fits, kept up to date. */
export function useMedia(query: string): boolean {
  // Parsed once: it is asked with each drawing.
  const media = useMemo(() => matchMedia(query), [query])
  const subscribe = useCallback(
    (changed: () => void) => {
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [media],
  )
  return useSyncExternalStore(subscribe, () => media.matches)
}
