import { useEffect } from 'react'
import type { Span } from '../model/time/span.ts'
import { frameRun, unframe } from '../store/framing.ts'
import { usePage } from '../ui/page.ts'

/**
 * Keeps a run visible while it is explained; null is none. The view is live again when the explanation closes.
 * `resumed` is the run that was explained before the page was reloaded.
 */
export function useFramedRun(span: Span | null, resumed: Span | null = null) {
  const page = usePage()
  useEffect(() => {
    if (span) frameRun(page, span, span === resumed)
  }, [page, span, resumed])
  useEffect(() => () => unframe(page), [page])
}
