/** Describes the chosen span of the past, and zooms to it. */

import { X } from 'lucide-react'
import { useMemo } from 'react'
import { formatInstant, formatMs, plural } from '../../shared/text/format.ts'
import type { Span } from '../model/time/span.ts'
import { sentWithin, zoomToSpan } from '../store/zoom.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Button, IconButton } from '../ui/ui.tsx'
import styles from './SpaceTime.module.css'

export function ChosenSpan({ span: { from, to } }: { readonly span: Span }) {
  const page = usePage()
  const { store } = page
  const { history } = store.past
  const lab = usePageState((state) => state.lab)
  const count = useMemo(() => sentWithin(history, { from, to }), [history, from, to])
  const sampled = lab.nodes.some(({ sampling }) => sampling > 1)
  return (
    <div className={styles.chosen} role="status">
      <span>
        {formatInstant(from)} to {formatInstant(to)}: <strong>{formatMs(to - from)}</strong>, {sampled && 'at least '}
        {plural(count, 'datagram')}
      </span>
      <Button kind="quiet" onClick={() => zoomToSpan(page)}>
        Zoom in
      </Button>
      <IconButton label="Clear the selection" onClick={() => store.setState({ span: null })}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
