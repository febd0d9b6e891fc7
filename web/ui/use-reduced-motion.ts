import { useMedia } from './use-media.ts'

/** Returns whether the person asked the system for less motion. */
export const useReducedMotion = (): boolean => useMedia('(prefers-reduced-motion: reduce)')
