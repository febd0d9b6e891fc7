/**
 * The spread of a large network: a row per message, whose columns are shares of the nodes. The darker a place, the more
 * of its nodes have the message.
 */
import { useEffect, useMemo, useRef } from 'react'
import { paintOf } from '../../shared/model/colours.ts'
import { holds, type MessageState, type NodeState } from '../../shared/model/lab-state.ts'
import { messageName } from '../../shared/model/names.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import { prepareCanvas } from '../canvas/palette.ts'
import type { Columns } from '../model/columns.ts'
import { shown } from '../model/shown.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Dot, hueOf } from '../ui/ui.tsx'
import styles from './LargeSpread.module.css'

/** Most messages that are shown: the newest. */
const MOST_ROWS = 40
/** Width of a place, in px. */
const PLACE = 4

export function LargeSpread({ columns }: { readonly columns: Columns }) {
  const messages = usePageState(({ lab }) => lab.messages)
  const first = Math.max(0, messages.length - MOST_ROWS)
  const newest = messages.slice(first).map((message, index) => ({ message, place: first + index }))
  if (messages.length === 0)
    return <p className={styles.empty}>No messages yet. Choose a node on the stage, and send one from it.</p>
  return (
    <section className={styles.scroller} aria-label="Spread of messages">
      {first > 0 && <p>The newest {plural(MOST_ROWS, 'message')}</p>}
      <ul>
        {newest.reverse().map(({ message, place }) => (
          <Row key={message.key} message={message} place={place} columns={columns} />
        ))}
      </ul>
    </section>
  )
}

interface RowProps {
  readonly message: MessageState
  readonly place: number
  readonly columns: Columns
}

function Row({ message, place, columns }: RowProps) {
  const { store } = usePage()
  const nodes = usePageState(({ lab }) => lab.nodes)
  const isSelected = usePageState(
    ({ selection }) =>
      selection?.kind === 'message' && selection.origin === message.origin && selection.seq === message.seq,
  )
  const canvas = useRef<HTMLCanvasElement>(null)
  const paint = paintOf(place)
  const width = Math.max(1, columns.width - columns.gutter - 14)
  const density = useMemo(() => densityOf(message, nodes, Math.floor(width / PLACE)), [message, nodes, width])
  useEffect(() => {
    const context = canvas.current && prepareCanvas(canvas.current, width, HEIGHT)
    if (!context) return
    const pitch = width / density.length
    context.fillStyle = paint.hue
    for (const [index, share] of density.entries()) {
      context.globalAlpha = 0.06 + 0.94 * share
      context.fillRect(index * pitch, 0, pitch - 0.5, HEIGHT)
    }
  }, [density, paint, width])
  const has = nodes.filter(({ id }) => holds(message, id)).length
  const { origin, seq, text } = message
  return (
    <li style={hueOf(paint)}>
      <button
        type="button"
        style={{ width: columns.gutter - 8 }}
        aria-pressed={isSelected}
        title={messageName(message, store.getState().lab)}
        onClick={() => store.select({ kind: 'message', origin, seq })}
      >
        <Dot paint={paint} />
        <span>{shown(text)}</span>
        <span>
          {formatCount(has)} of {formatCount(nodes.length)}
        </span>
      </button>
      <canvas ref={canvas} aria-hidden style={{ width, height: HEIGHT }} />
    </li>
  )
}

/** Height of a row, in px. */
const HEIGHT = 18

/** Returns the share of the nodes at each place that have the message. */
function densityOf(message: MessageState, nodes: readonly NodeState[], most: number): number[] {
  const places = Math.max(1, Math.min(nodes.length, most))
  const counts = Array.from({ length: places }, () => ({ has: 0, all: 0 }))
  for (const { id } of nodes) {
    const count = counts[Math.floor((id * places) / nodes.length)]
    if (!count) continue
    count.all += 1
    if (holds(message, id)) count.has += 1
  }
  return counts.map(({ has, all }) => has / Math.max(1, all))
}
