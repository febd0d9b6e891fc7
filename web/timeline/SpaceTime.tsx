/** The space-time diagram in the page. */
import { useEffect, useRef } from 'react'
import { paintOfMessage } from '../colours.ts'
import { useLook, usePage, usePageState } from '../page.ts'
import { describeArrow } from '../panels/describe.ts'
import { formatMs } from '../panels/format.ts'
import type { Columns } from '../stage/layout.ts'
import { useReducedMotion } from '../stage/use-reduced-motion.ts'
import { useSize } from '../use-size.ts'
import styles from './SpaceTime.module.css'
import { createDiagram, type DiagramScene } from './scene.ts'

interface Props {
  readonly columns: Columns
  readonly windowMs: number
}

export function SpaceTime({ columns, windowMs }: Props) {
  const { store, frames } = usePage()
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
  // In slow motion as much of it as passes in that time: what takes a thousandth of a second can be seen too.
  const shownMs = usePageState(({ mode, speed }) => windowMs * (mode === 'live' ? 1 : Math.min(1, speed)))

  useEffect(() => {
    if (!element.current) return
    const made = createDiagram(element.current, {
      chooseArrow: (arrow) => store.select({ kind: 'datagram', arrow }),
      point: store.point,
      describe: (arrow) => describeArrow(arrow, store.getState().lab, store.trace.arrows).tip,
    })
    scene.current = made
    const stop = frames.subscribe((now) => made.draw(now, store.trace.arrows, store.trace.marks))
    return () => {
      stop()
      made.destroy()
      scene.current = null
    }
  }, [store, frames])

  useEffect(() => {
    scene.current?.update({
      columns,
      height,
      windowMs: shownMs,
      nodes,
      rootId: settings?.rootId ?? 0,
      longest: settings?.linkDelayMs ?? 0,
      paintOf: (origin, seq) => paintOfMessage(store.getState().lab, origin, seq),
      selected: selection?.kind === 'datagram' ? selection.arrow : null,
      cursor,
      still: still && !stands,
      theme,
    })
  }, [columns, height, shownMs, nodes, settings, selection, cursor, theme, store, still, stands])

  return (
    <div
      ref={element}
      className={styles.diagram}
      role="img"
      aria-label={`Space-time diagram of the last ${formatMs(shownMs)}: an arrow for each datagram, time runs down`}
    />
  )
}
