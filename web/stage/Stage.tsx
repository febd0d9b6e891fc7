/** The stage in the page: the scene wrapped for React, fed from the store. */
import { useEffect, useMemo, useRef } from 'react'
import { paintOfMessage } from '../colours.ts'
import { useLook, usePage, usePageState } from '../page.ts'
import { describeArrow } from '../panels/describe.ts'
import { type Columns, layoutStage } from './layout.ts'
import styles from './Stage.module.css'
import { createScene, type StageScene } from './scene.ts'
import { useReducedMotion } from './use-reduced-motion.ts'
import { linkViews, nodeViews } from './view.ts'

interface Props {
  readonly columns: Columns
  readonly scale: number
  /** Given when the stage fills the screen, in px. */
  readonly height?: number | undefined
}

export function Stage({ columns, scale, height }: Props) {
  const { store, frames } = usePage()
  const drawing = useRef<HTMLDivElement>(null)
  const scene = useRef<StageScene>(null)
  const settings = usePageState(({ lab }) => lab.settings)
  const nodes = usePageState(({ lab }) => lab.nodes)
  const messages = usePageState(({ lab }) => lab.messages)
  const conditions = usePageState(({ lab }) => lab.links)
  const selection = usePageState((state) => state.selection)
  const theme = useLook()
  const still = useReducedMotion()
  const topology = settings?.topology ?? 'line'
  const layout = useMemo(() => layoutStage({ columns, topology, height, scale }), [columns, topology, height, scale])

  // Links change with a node's life, not with every datagram.
  const statuses = nodes.map(({ status }) => status).join()
  const links = useMemo(
    () =>
      statuses === '' ? [] : linkViews({ settings, nodes: store.getState().lab.nodes, links: conditions }, selection),
    [settings, statuses, conditions, selection, store],
  )

  useEffect(() => {
    if (!drawing.current) return
    const made = createScene(drawing.current, {
      chooseNode: (id) => store.select({ kind: 'node', id }),
      chooseLink: (a, b) => store.select({ kind: 'link', a, b }),
      chooseArrow: (arrow) => store.select({ kind: 'datagram', arrow }),
      describe: (arrow) => describeArrow(arrow, store.getState().lab, store.trace.arrows).tip,
    })
    scene.current = made
    const stop = frames.subscribe((now, glow) => made.draw(now, store.trace.arrows, glow))
    return () => {
      stop()
      made.destroy()
      scene.current = null
    }
  }, [store, frames])

  useEffect(() => {
    scene.current?.update({
      width: columns.width,
      layout,
      nodes: nodeViews({ nodes, messages }, selection),
      links,
      arrow: selection?.kind === 'datagram' ? selection.arrow : null,
      longest: settings?.linkDelayMs ?? 0,
      rootId: settings?.rootId ?? 0,
      paintOf: (origin, seq) => paintOfMessage(store.getState().lab, origin, seq),
      still,
      theme,
    })
  }, [columns, layout, settings, nodes, messages, links, selection, theme, still, store])

  return <div ref={drawing} className={styles.drawing} style={{ height: layout.height }} data-topology={topology} />
}
