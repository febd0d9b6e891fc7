import { useCallback, useEffect, useState } from 'react'

export interface FullScreen {
  readonly on: boolean
  readonly toggle: () => void
}

/** The stage takes the whole page, and the page the whole screen where the browser allows it. */
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
    // A telephone may refuse; the stage then fills the window.
    if (on) document.exitFullscreen?.().catch(() => {})
    else document.documentElement.requestFullscreen?.().catch(() => {})
  }, [on])
  return { on, toggle }
}
