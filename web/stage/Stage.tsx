/** The stage in the page: connects the scene to React and the store. */
import { useEffect, useMemo, useRef } from 'react'
import { paintOfMessage } from '../../shared/model/colours.ts'
import type { StageLayout } from '../canvas/geometry.ts'
import { changedNodes, changesSince } from '../model/changes.ts'
import type { Columns } from '../model/columns.ts'
import { describeShown } from '../model/describe.ts'
import { previewHeld } from '../model/held.ts'
import { chooseNode, writeToNode } from '../ui/message-field.ts'
import { useLook, usePage, usePageState } from '../ui/page.ts'
import { useFailure } from '../ui/use-failure.ts'
import { useReducedMotion } from '../ui/use-reduced-motion.ts'
import { gateViews } from './gate-view.ts'
import styles from './Stage.module.css'
import { createScene, type StageScene } from './scene.ts'
import { linkViews, nodeViews } from './view.ts'

interface Props {
  readonly columns: Columns
  readonly layout: StageLayout
}

export function Stage({ columns, layout }: Props) {
  const { store, frames, easel } = usePage()
  const failed = useFailure()
  const drawing = useRef<HTMLDivElement>(null)
  const scene = useRef<StageScene>(null)
  const settings = usePageState(({ lab }) => lab.settings)
  const nodes = usePageState(({ lab }) => lab.nodes)
  const messages = usePageState(({ lab }) => lab.messages)
  const conditions = usePageState(({ lab }) => lab.links)
  const held = usePageState(({ lab }) => lab.held)
  const step = usePageState((state) => state.step)
  const selection = usePageState((state) => state.selection)
  const theme = useLook()
  const still = useReducedMotion()
  const topology = settings?.topology ?? 'line'

  // Links change with a node's life, not with every datagram.
  const statuses = nodes.map(({ status }) => status).join()
  const links = useMemo(
    () =>
      statuses === '' ? [] : linkViews({ settings, nodes: store.getState().lab.nodes, links: conditions }, selection),
    [settings, statuses, conditions, selection, store],
  )

  // A held datagram is named by its message's text, which is known as soon as the message is.
  const gates = useMemo(() => {
    const { lab } = store.getState()
    const fresh = step
      ? Object.keys(held)
          .map(Number)
          .filter((number) => !step.before.held[number])
      : []
    return gateViews({ ...lab, settings, held, links: conditions, messages }, selection, new Set(fresh))
  }, [settings, held, conditions, messages, step, selection, store])

  useEffect(() => {
    if (!drawing.current) return
    const made = createScene(drawing.current, {
      chooseNode: (id) => chooseNode(store, id),
      writeToNode: (id) => writeToNode(store, id),
      chooseLink: (a, b) => store.select({ kind: 'link', a, b }),
      chooseDatagram: (id) => store.select({ kind: 'datagram', id }),
      chooseHeld: (number) => store.select({ kind: 'held', number }),
      describeHeld: (number) => previewHeld(store.getState().lab, number),
      describe: (datagram) => describeShown(store, datagram).tip,
    })
    scene.current = made
    easel.paint = made.paint
    const stop = frames.subscribe((now, glow) => made.draw(now, store.trace.datagrams, glow), failed)
    return () => {
      stop()
      made.destroy()
      scene.current = null
      easel.paint = null
    }
  }, [store, frames, failed, easel])

  useEffect(() => {
    const changed = step ? changedNodes(changesSince(step.before, store.getState().lab)) : undefined
    scene.current?.update({
      width: columns.width,
      layout,
      nodes: nodeViews({ nodes, messages }, selection, changed, step?.at),
      links,
      gates,
      datagram: selection?.kind === 'datagram' ? selection.id : null,
      longest: settings?.linkDelayMs ?? 0,
      rootId: settings?.rootId ?? 0,
      paintOf: (origin, seq) => paintOfMessage(store.getState().lab, origin, seq),
      still,
      theme,
    })
  }, [columns, layout, settings, nodes, messages, links, gates, step, selection, theme, still, store])

  return <div ref={drawing} className={styles.drawing} style={{ height: layout.height }} data-topology={topology} />
}
