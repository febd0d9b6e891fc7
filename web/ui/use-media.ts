import { useCallback, useMemo, useSyncExternalStore } from 'react'

/**
 * Width below which the views are in one column and the page scrolls. In ems, here and in the style sheets: with a font
 * twice as large, half of a screen is as wide.
 */
export const ONE_COLUMN = '(max-width: 56.2em)'

/** Fingers are less exact than a mouse, and a tap into a field opens a keyboard. */
export const TOUCHED = '(pointer: coarse)'

/** Returns whether a media query matches, kept up to date. */
export function useMedia(query: string): boolean {
  // Parsed once, because every drawing reads it.
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
