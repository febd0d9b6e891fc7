import { useCallback, useEffect, useState } from 'react'
import { isKeyTaken } from './keys.ts'
import { usePage } from './page.ts'

export interface FullScreen {
  readonly on: boolean
  readonly toggle: () => void
}

/** As on an iPhone, in a frame, or because of a setting. */
const REFUSED = {
  words: 'This browser gives the page no full screen, so the stage fills its window. The same button leads back.',
}

/** The stage takes the whole page, and the page the whole screen if the browser allows it. */
export function useFullScreen(): FullScreen {
  const [on, setOn] = useState(false)
  const { store } = usePage()
  useEffect(() => {
    const changed = () => {
      if (!document.fullscreenElement) setOn(false)
    }
    document.addEventListener('fullscreenchange', changed)
    return () => document.removeEventListener('fullscreenchange', changed)
  }, [])
  const toggle = useCallback(() => {
    setOn(!on)
    if (!on) {
      const say = () => store.setState({ notice: REFUSED })
      if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(say)
      else say()
      return
    }
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {})
    store.setState(({ notice }) => (notice === REFUSED ? { notice: null } : {}))
  }, [on, store])
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
