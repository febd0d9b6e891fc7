import { useCallback, useEffect, useState } from 'react'
import { isKeyTaken } from './keys.ts'

export interface FullScreen {
  readonly on: boolean
  readonly toggle: () => void
}

/** The stage takes the whole page, and the page the whole screen if the browser allows it. */
export function useFullScreen(): FullScreen {
  const [on, setOn] = useState(false)
  useEffect(() => {
    const changed = () => {
      if (!document.fullscreenElement) setOn(false)
    }
    document.addEventListener('fullscreenchange', changed)
    return () => document.removeEventListener('fullscreenchange', changed)
  }, [])
  const toggle = useCallback(() => {
    setOn(!on)
    // A phone may refuse; the stage then fills the window.
    if (on) document.exitFullscreen?.().catch(() => {})
    else document.documentElement.requestFullscreen?.().catch(() => {})
  }, [on])
  useEffect(() => {
    if (!on) return
    // Browsers leave full-screen mode by themselves, but not a window that is filled because they refused it.
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isKeyTaken(event)) toggle()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [on, toggle])
  return { on, toggle }
}
