/**
 * Controls the visible past of space-time, for people without a wheel: zoom, selection of everything visible, and a
 * table.
 */
import { Minus, Plus, Table, TextSelect } from 'lucide-react'
import { formatMs } from '../../shared/text/format.ts'
import { chooseShown, LEAST_SHOWN_MS, MOST_SHOWN_MS, shownMs, ZOOM_STEP, zoom } from '../store/zoom.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { IconButton } from '../ui/ui.tsx'
import styles from './Views.module.css'

interface Props {
  readonly asTable: boolean
  readonly setAsTable: (asTable: boolean) => void
}

export function Zoom({ asTable, setAsTable }: Props) {
  const page = usePage()
  const shown = usePageState(shownMs)
  return (
    <div className={styles.zoom}>
      <span aria-live="polite">last {formatMs(shown)}</span>
      <IconButton label="Zoom in" disabled={shown <= LEAST_SHOWN_MS} onClick={() => zoom(page, 1 / ZOOM_STEP)}>
        <Plus size={14} aria-hidden />
      </IconButton>
      <IconButton label="Zoom out" disabled={shown >= MOST_SHOWN_MS} onClick={() => zoom(page, ZOOM_STEP)}>
        <Minus size={14} aria-hidden />
      </IconButton>
      <IconButton label="Choose all that is shown" onClick={() => chooseShown(page)}>
        <TextSelect size={14} aria-hidden />
      </IconButton>
      {/* It loads on demand: a page that was saved as a file does not have it. */}
      {page.client && (
        <IconButton label="Show as a table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Table size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
