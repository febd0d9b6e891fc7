/**
 * The spread matrix: a row per message, a column per node, and in each cell when the message arrived or why it did not.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, type RefObject, useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { hopsOf, WORDS_FROM, wordsOf, writtenIn } from '../../shared/model/cell-words.ts'
import { type Cell, cellsOf } from '../../shared/model/cells.ts'
import { paintOf } from '../../shared/model/colours.ts'
import type { MessageState } from '../../shared/model/lab-state.ts'
import { messageName, nodeName } from '../../shared/model/names.ts'
import { linksFrom, type Reach, reachOf } from '../../shared/model/reach.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import type { Columns } from '../model/columns.ts'
import { shown } from '../model/shown.ts'
import { writeToNode } from '../ui/message-field.ts'
import { useMayActHere, usePage, usePageState, useZoom } from '../ui/page.ts'
import uiStyles from '../ui/ui.module.css'
import { Button, Dot, Hidden, hueOf, unlessTouched } from '../ui/ui.tsx'
import { useSize } from '../ui/use-size.ts'
import styles from './Spread.module.css'

/** Room that a node's number needs above its column, in px. */
const NUMBER = 19
/** Distance from its end that counts as at its end, in px. */
const SLACK = 24

interface Props {
  readonly columns: Columns
  /** Without columns on the stage, the matrix shows the numbers of nodes. */
  readonly heads: boolean
  /** In px. */
  readonly rowHeight: number
  /** Whether another part prompts for the first message. */
  readonly isLed: boolean
}

/** Beside a message's text, in px. */
const ROOM_FOR_KEYS = 120

export function Spread({ columns, heads, rowHeight, isLed }: Props) {
  const { store } = usePage()
  const messages = usePageState(({ lab }) => lab.messages)
  const selection = usePageState((state) => state.selection)
  const cursor = usePageState((state) => state.cursor)
  const reach = useReach()
  const keptBack = usePageState(useShallow(({ lab }) => lab.nodes.map((node) => node.keptBack)))
  const scroller = useRef<HTMLDivElement>(null)
  // As many words as fit, and larger ones in projector mode.
  const pitch = columns.pitch / useZoom()
  const rows = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  })
  useEffect(() => {
    if (rowHeight > 0) rows.measure()
  }, [rows, rowHeight])
  const head = useRef<HTMLTableSectionElement>(null)
  const room = useSize(scroller).height - useSize(head).height
  const below = roomBelow(room, rows.getTotalSize(), rowHeight)
  useNewestVisible(scroller, rows.getTotalSize() + below, room)
  const numbered = [1, 2, 4, 8].find((step) => step * columns.pitch >= NUMBER) ?? 8
  const template = {
    '--row': `${rowHeight}px`,
    '--columns': `${columns.gutter}px repeat(${columns.x.length}, ${columns.pitch}px)`,
  } as CSSProperties
  const isSelected = ({ origin, seq }: MessageState) =>
    selection?.kind === 'message' && selection.origin === origin && selection.seq === seq

  // Only whole rows count: the first one is whole when the last one is.
  const first = Math.ceil((rows.scrollOffset ?? 0) / Math.max(1, rowHeight) - 0.1)
  const last = Math.min(messages.length, first + Math.floor(room / Math.max(1, rowHeight)))
  const isCut = last > first && rows.getTotalSize() > room

  return (
    <>
      {isCut && (
        <p className={styles.range}>
          {`${formatCount(first + 1)} to ${formatCount(last)} of ${formatCount(messages.length)}`}
        </p>
      )}
      <section
        ref={scroller}
        className={styles.scroller}
        tabIndex={messages.length > 4 ? 0 : -1}
        onPointerLeave={(event) => unlessTouched(event) && store.point(null)}
        aria-label="Spread of messages"
        data-narrow={columns.gutter < ROOM_FOR_KEYS}
      >
        <table className={styles.table} style={template} aria-rowcount={messages.length + 1}>
          <thead ref={head}>
            <tr className={heads ? styles.heads : uiStyles.hidden} aria-rowindex={1}>
              <th scope="col">node</th>
              {columns.x.map((x, id) => (
                <th scope="col" key={x}>
                  {id % numbered === 0 ? id : <Hidden>{id}</Hidden>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody style={{ height: rows.getTotalSize() + below }}>
            {rows.getVirtualItems().map(({ index, start }) => {
              const message = messages[index]
              if (!message) return null
              const shared = { place: index, start, reach, pitch, selected: isSelected(message), cursor }
              const waitsAt = keptBack.flatMap((keys, id) => (keys[message.key] ? [id] : [])).join()
              return <Row key={message.key} message={message} waitsAt={waitsAt} {...shared} />
            })}
          </tbody>
        </table>
        {messages.length === 0 && <NoMessage {...{ columns, heads, reach, template, isLed }} />}
      </section>
    </>
  )
}

interface EmptyProps extends Omit<Props, 'rowHeight'> {
  readonly reach: Reach
  readonly template: CSSProperties
}

/** Explains the matrix, shows an example in pale, and offers the one thing to do. */
function NoMessage({ columns, heads, reach, template, isLed }: EmptyProps) {
  const { store, lesson } = usePage()
  const mayAct = useMayActHere()
  // A lesson gives its messages itself: one more would falsify its figures.
  const isLessonOpen = useStore(lesson, ({ open }) => open !== null)
  const id = usePageState(({ lab }) => lab.nodes.findIndex(({ status }) => status === 'running'))
  const zoom = useZoom()
  // An open console leaves no height for an example.
  const hasRoom = usePageState(({ drawer }) => !drawer) && !heads && columns.pitch >= WORDS_FROM * zoom
  const far = linksFrom(id, reach)
  return (
    <div className={styles.empty} data-led={isLed}>
      <p>
        No messages yet. Each message gets a row that shows which node got it, when, and over how many links.
        {mayAct && !isLed && !isLessonOpen && id !== -1 && (
          <Button onClick={() => writeToNode(store, id)}>Send {nodeName(id)} a message</Button>
        )}
      </p>
      {hasRoom && id !== -1 && (
        <div className={styles.example} style={template} aria-hidden>
          <span>for example</span>
          {columns.x.map((x, node) => (
            <span key={x}>{exampleOf(far[node])}</span>
          ))}
        </div>
      )}
    </div>
  )
}

const exampleOf = (links = Number.POSITIVE_INFINITY) =>
  links === 0 ? 'sent here' : links === Number.POSITIVE_INFINITY ? 'cut off' : `over ${plural(links, 'link')}`

/** Recomputed only when a node comes or goes, not with every datagram. */
function useReach(): Reach {
  const { store } = usePage()
  const settings = usePageState(({ lab }) => lab.settings)
  const links = usePageState(({ lab }) => lab.links)
  const statuses = usePageState(({ lab }) =>
    lab.nodes.map(({ status, stranger }) => (stranger ? `${status}?` : status)).join(),
  )
  return useMemo(() => {
    const { nodes } = store.getState().lab
    return statuses === '' ? { ways: [], parts: [], strangers: [] } : reachOf({ nodes, settings, links })
  }, [store, settings, links, statuses])
}

/** Room below the last row, in px, so that the first visible one is whole when the last one is. */
const roomBelow = (room: number, total: number, rowHeight: number): number =>
  total > room && rowHeight > 0 ? room % rowHeight : 0

/**
 * Keeps the newest row visible unless the person has scrolled up, through all changes of the height of rows and of the
 * room.
 */
function useNewestVisible(scroller: RefObject<HTMLDivElement | null>, height: number, room: number) {
  const atEnd = useRef(true)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const onScroll = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < SLACK
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [scroller])
  useEffect(() => {
    const element = scroller.current
    if (element && height > 0 && room > 0 && atEnd.current) element.scrollTop = element.scrollHeight
  }, [scroller, height, room])
}

interface RowProps {
  readonly message: MessageState
  /** The nodes that keep it back, as text: equal texts cause no redraw. */
  readonly waitsAt: string
  readonly place: number
  readonly start: number
  readonly reach: Reach
  readonly pitch: number
  readonly selected: boolean
  readonly cursor: number | null
}

const Row = memo(function Row({ message, waitsAt, place, start, reach, pitch, selected, cursor }: RowProps) {
  const { store } = usePage()
  const { origin, seq, text, key } = message
  const paint = paintOf(place)
  return (
    <tr
      className={styles.row}
      style={{ ...hueOf(paint), transform: `translateY(${start}px)` }}
      aria-rowindex={place + 2}
      data-message={key}
      data-selected={selected}
    >
      <th scope="row">
        <button
          type="button"
          className={styles.message}
          aria-pressed={selected}
          onClick={() => store.select({ kind: 'message', origin, seq })}
        >
          <Dot paint={paint} />
          <span className={styles.text}>{shown(text)}</span>
          <span className={styles.key}>{messageName(message, store.getState().lab)}</span>
        </button>
      </th>
      {cellsOf(message, reach, waitsAt === '' ? [] : waitsAt.split(',').map(Number)).map((cell) => (
        <td key={cell.node} onPointerEnter={() => store.point(instantOf(message, cell.node))}>
          <CellBox
            cell={cell}
            pitch={pitch}
            pattern={paint.pattern}
            later={cursor !== null && (message.copies[cell.node]?.at ?? cursor) > cursor}
          />
        </td>
      ))}
    </tr>
  )
})

const instantOf = ({ copies }: MessageState, node: number) => copies[node]?.at ?? null

interface CellProps {
  readonly cell: Cell
  readonly pitch: number
  readonly pattern: string
  /** It arrived after the instant under the pointer. */
  readonly later: boolean
}

export function CellBox({ cell, pitch, pattern, later }: CellProps) {
  const words = wordsOf(cell)
  const written = writtenIn(cell, pitch)
  return (
    <span
      className={styles.cell}
      data-cell={cell.state}
      data-hops={hopsOf(cell)}
      data-pattern={pattern}
      data-later={later}
      title={words}
    >
      <Hidden>{words}</Hidden>
      {written !== '' && <span aria-hidden>{written}</span>}
    </span>
  )
}
