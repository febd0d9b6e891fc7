/** The stage of a large network: nodes are dots, in the colour of the newest or the selected message that they have. */
import { type MouseEvent, type ReactNode, useEffect, useId, useMemo, useRef } from 'react'
import { paintOf, paintOfMessage } from '../../shared/model/colours.ts'
import { holds, type LabState } from '../../shared/model/lab-state.ts'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import type { StageLayout } from '../canvas/geometry.ts'
import { readPalette } from '../canvas/palette.ts'
import type { Columns } from '../model/columns.ts'
import type { Selection } from '../model/selection.ts'
import { chooseNode } from '../ui/message-field.ts'
import { useLook, usePage, usePageState } from '../ui/page.ts'
import { Field } from '../ui/ui.tsx'
import { useFailure } from '../ui/use-failure.ts'
import { useReducedMotion } from '../ui/use-reduced-motion.ts'
import styles from './LargeStage.module.css'
import { drawLinks, drawMoving, type LargePicture, type Look, nodeAt } from './large-scene.ts'
import { linkViews } from './view.ts'

/** Interval at which the number of datagrams in flight is written, in ms. */
const COUNT_EVERY_MS = 250

interface Props {
  readonly columns: Columns
  readonly layout: StageLayout
}

export function LargeStage({ columns, layout }: Props) {
  const { store, frames, easel } = usePage()
  const failed = useFailure()
  const [links, moving] = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)]
  const count = useRef<HTMLSpanElement>(null)
  const picture = usePicture(columns.width, layout)
  const latest = useRef(picture)
  const look = useLook()
  useEffect(() => {
    latest.current = picture
  }, [picture])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read again when they change.
  useEffect(() => {
    const [ground, canvas] = [links.current, moving.current]
    if (!ground || !canvas) return
    const palette = readPalette(canvas)
    let drawn: LargePicture | null = null
    let countedAt = Number.NEGATIVE_INFINITY
    const stop = frames.subscribe((now) => {
      const shown = latest.current
      if (drawn?.links !== shown.links || drawn.layout !== shown.layout) drawLinks(ground, shown, palette)
      drawn = shown
      const flying = drawMoving(canvas, shown, palette, store.trace.datagrams, now)
      const local = performance.now()
      if (!count.current || local < countedAt + COUNT_EVERY_MS) return
      countedAt = local
      count.current.textContent = `${plural(flying, 'datagram')} in flight`
    }, failed)
    easel.paint = (surface) => {
      const context = surface.getContext('2d')
      for (const layer of [ground, canvas]) context?.drawImage(layer, 0, 0, surface.width, surface.height)
    }
    return () => {
      stop()
      easel.paint = null
    }
  }, [store, frames, failed, easel, look])
  const choose = ({ nativeEvent: { offsetX, offsetY } }: MouseEvent) => {
    const id = nodeAt(layout, offsetX, offsetY)
    if (id !== null) chooseNode(store, id)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field below chooses a node by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div className={styles.drawing} style={{ height: layout.height }} data-large onClick={choose}>
      <canvas ref={links} aria-hidden />
      <canvas ref={moving} aria-hidden />
      <Chooser n={columns.x.length}>
        <span ref={count} />
      </Chooser>
    </div>
  )
}

/** Chooses a node by its number, and says what is on the stage. */
function Chooser({ n, children }: { readonly n: number; readonly children: ReactNode }) {
  const { store } = usePage()
  const field = useId()
  const selected = usePageState(({ selection }) => (selection?.kind === 'node' ? selection.id : null))
  const running = usePageState(({ lab }) => lab.nodes.filter(({ status }) => status === 'running').length)
  const newest = usePageState(({ lab }) => lab.messages.at(-1))
  const copies = newest ? Object.values(newest.copies).filter(({ lostAt }) => lostAt === null).length : 0
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: it only keeps clicks from the stage behind it.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div className={styles.chooser} onClick={(event) => event.stopPropagation()}>
      <label htmlFor={field}>Node</label>
      <Field
        id={field}
        type="number"
        min={0}
        max={n - 1}
        value={selected ?? ''}
        onChange={({ target: { value } }) => {
          const id = Number(value)
          if (value !== '' && Number.isInteger(id) && id >= 0 && id < n) store.select({ kind: 'node', id })
        }}
      />
      <span>
        {formatCount(running)} of {plural(n, 'node')} running
        {newest && `; ${formatCount(copies)} have the newest message`}
      </span>
      {children}
    </div>
  )
}

function usePicture(width: number, layout: StageLayout): LargePicture {
  const { store } = usePage()
  const settings = usePageState(({ lab }) => lab.settings)
  const nodes = usePageState(({ lab }) => lab.nodes)
  const messages = usePageState(({ lab }) => lab.messages)
  const conditions = usePageState(({ lab }) => lab.links)
  const selection = usePageState((state) => state.selection)
  const still = useReducedMotion()
  const statuses = nodes.map(({ status }) => status).join()
  const links = useMemo(
    () => (statuses === '' ? [] : linkViews({ settings, nodes: store.getState().lab.nodes, links: conditions }, null)),
    [settings, statuses, conditions, store],
  )
  const looks = useMemo(() => looksOf({ nodes, messages }, selection), [nodes, messages, selection])
  const selected = selection?.kind === 'node' ? selection.id : null
  const hueOf = useMemo(
    () =>
      ({ content }: TracedDatagram) =>
        content.kind === 'rumor' ? paintOfMessage(store.getState().lab, content.origin, content.seq).hue : null,
    [store],
  )
  const { linkDelayMs: longest = 0, rootId = 0 } = settings ?? {}
  return useMemo(
    () => ({ width, layout, looks, links, selected, longest, rootId, hueOf, still }),
    [width, layout, looks, links, selected, longest, rootId, hueOf, still],
  )
}

/** The colour of the selected message, or of the newest one that each node has. */
function looksOf({ nodes, messages }: Pick<LabState, 'nodes' | 'messages'>, selection: Selection | null): Look[] {
  const chosen =
    selection?.kind === 'message'
      ? messages.findIndex(({ origin, seq }) => origin === selection.origin && seq === selection.seq)
      : -1
  return nodes.map(({ id, status }) => {
    if (status !== 'running') return 'down'
    const place = chosen < 0 ? messages.findLastIndex((message) => holds(message, id)) : chosen
    const message = messages[place]
    return message && holds(message, id) ? paintOf(place).hue : 'empty'
  })
}
