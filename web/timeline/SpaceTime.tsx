/** The space-time diagram in the page. */
import { useEffect, useRef } from 'react'
import { paintOfMessage } from '../../shared/model/colours.ts'
import { formatMs } from '../../shared/text/format.ts'
import type { Columns } from '../model/columns.ts'
import { describeShown } from '../model/describe.ts'
import { pan, shownMs, zoom } from '../store/zoom.ts'
import { useLook, usePage, usePageState } from '../ui/page.ts'
import { useFailure } from '../ui/use-failure.ts'
import { useReducedMotion } from '../ui/use-reduced-motion.ts'
import { useSize } from '../ui/use-size.ts'
import { ChosenSpan } from './ChosenSpan.tsx'
import styles from './SpaceTime.module.css'
import { createDiagram, type DiagramScene } from './scene.ts'

export function SpaceTime({ columns }: { readonly columns: Columns }) {
  const page = usePage()
  const { store, frames } = page
  const failed = useFailure()
  const element = useRef<HTMLDivElement>(null)
  const { height } = useSize(element)
  const scene = useRef<DiagramScene>(null)
  const nodes = usePageState(({ lab }) => lab.nodes)
  const settings = usePageState(({ lab }) => lab.settings)
  const selection = usePageState((state) => state.selection)
  const cursor = usePageState((state) => state.cursor)
  const theme = useLook()
  const still = useReducedMotion()
  const stands = usePageState(({ mode }) => mode === 'paused')
  const shown = usePageState(shownMs)
  const span = usePageState((state) => state.span)

  useEffect(() => {
    if (!element.current) return
    const made = createDiagram(element.current, {
      chooseDatagram: (id) => store.select({ kind: 'datagram', id }),
      point: store.point,
      zoom: (factor, at) => zoom(page, factor, at),
      pan: (ms) => pan(page, ms),
      choose: (chosen) => store.setState({ span: chosen }),
      describe: (datagram) => describeShown(store, datagram).tip,
    })
    scene.current = made
    const stop = frames.subscribe((now) => made.draw(now, store.trace.datagrams, store.trace.marks), failed)
    return () => {
      stop()
      made.destroy()
      scene.current = null
    }
  }, [page, store, frames, failed])

  useEffect(() => {
    scene.current?.update({
      columns,
      height,
      windowMs: shown,
      nodes,
      rootId: settings?.rootId ?? 0,
      longest: settings?.linkDelayMs ?? 0,
      paintOf: (origin, seq) => paintOfMessage(store.getState().lab, origin, seq),
      selected: selection?.kind === 'datagram' ? selection.id : null,
      cursor,
      span,
      still: still && !stands,
      theme,
    })
  }, [columns, height, shown, nodes, settings, selection, cursor, span, theme, store, still, stands])

  return (
    <div className={styles.box}>
      <div
        ref={element}
        className={styles.diagram}
        role="img"
        aria-label={`Space-time diagram of the last ${formatMs(shown)}: one line for each datagram, time runs down`}
      />
      {span && <ChosenSpan span={span} />}
    </div>
  )
}
