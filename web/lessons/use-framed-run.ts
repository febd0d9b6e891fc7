import { useEffect } from 'react'
import { usePage } from '../page.ts'
import type { Span } from '../time/span.ts'
import { frameRun, unframe } from '../timeline/framing.ts'

/**
 * Keeps a run in sight while it is explained; null is none. The view is live again when the explanation is closed.
 * `resumed` is the run that was explained before the page was reloaded.
 */
export function useFramedRun(span: Span | null, resumed: Span | null = null) {
  const page = usePage()
  useEffect(() => {
    if (span) frameRun(page, span, span === resumed)
  }, [page, span, resumed])
  useEffect(() => () => unframe(page), [page])
}
