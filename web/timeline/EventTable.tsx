/** Lists events, the newest first, with filters; a click highlights an event's instant in all views. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { LabEvent } from '../../shared/model/event.ts'
import { isLoss } from '../../shared/model/losses.ts'
import { formatCount, formatInstant, plural } from '../../shared/text/format.ts'
import { type EventFilter, eventWords, fits, messagesOf, nodeOf, stillPossible } from '../model/event-words.ts'
import type { Selection } from '../model/selection.ts'
import { shown } from '../model/shown.ts'
import { usePage, usePageState, useZoom } from '../ui/page.ts'
import { useLabTime } from '../ui/use-lab-time.ts'
import styles from './EventTable.module.css'

const TYPES = [
  'sent',
  'received',
  'given',
  'stored',
  'kept-back',
  'lost',
  'compared',
  'coin',
  'silent',
  'oversized',
  'ending',
  'ended',
  'running',
  'command',
] as const
/** Interval of updates in ms: nobody reads faster. */
const EVERY_MS = 100
const ROW = 24
/** One of the newest messages can be chosen. */
const MOST_MESSAGES = 100

export function EventTable() {
  const { store } = usePage()
  const [chosen, setFilter] = useState<EventFilter>({ node: null, type: null, message: null })
  const nodes = usePageState(({ lab }) => lab.nodes)
  const places = usePageState(({ lab }) => lab.places)
  const filter = stillPossible(chosen, { nodes, places })
  const rowHeight = Math.round(ROW * useZoom())
  const events = useEvents(filter)
  const cursor = usePageState((state) => state.cursor)
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: events.list.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  return (
    <div className={styles.events}>
      <Filters filter={filter} setFilter={setFilter} />
      <p className={styles.heads} aria-hidden>
        <span>time</span>
        <span>node</span>
        <span>event</span>
      </p>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        aria-label="Events, newest first"
        tabIndex={0}
        onPointerEnter={() => events.freeze(true)}
        onPointerLeave={() => events.freeze(false)}
        onFocus={() => events.freeze(true)}
        onBlur={() => events.freeze(false)}
      >
        <div style={{ height: rows.getTotalSize() }} className={styles.list} role="presentation">
          {rows.getVirtualItems().map(({ index, start }) => {
            const event = events.list[events.list.length - 1 - index]
            if (!event) return null
            return (
              <button
                type="button"
                role="option"
                key={event.n}
                className={styles.row}
                style={{ transform: `translateY(${start}px)`, height: rowHeight }}
                aria-selected={event.at === cursor}
                onClick={() => {
                  store.point(event.at)
                  const selection = selectionOf(event)
                  if (selection) store.select(selection)
                }}
              >
                <span>{formatInstant(event.at)}</span>
                <span>{nodeOf(event) ?? ''}</span>
                <span>{kindOf(event)}</span>
                <span>{eventWords(event, store.getState().lab)}</span>
              </button>
            )
          })}
        </div>
        {events.list.length === 0 && <p className={styles.empty}>No events match these filters.</p>}
        {events.first > 1 && (
          <p className={styles.empty}>Events before number {formatCount(events.first)} are not listed.</p>
        )}
      </div>
    </div>
  )
}

/** The list is fixed while somebody is about to choose. */
function useEvents(filter: EventFilter) {
  const { store } = usePage()
  const [frozen, setFrozen] = useState<readonly LabEvent[] | null>(null)
  useLabTime(EVERY_MS)
  const all = frozen ?? store.events
  return {
    /** Number of the first event that could be listed. */
    first: all[0]?.n ?? 1,
    list: all.filter((event) => fits(event, filter)),
    freeze: (on: boolean) => setFrozen(on ? store.events : null),
  }
}

/** Without a loss, the kind of event does not say so. */
const kindOf = (event: LabEvent) => (event.type === 'lost' && !isLoss(event.why) ? event.why : event.type)

function selectionOf(event: LabEvent): Selection | null {
  if (event.type === 'sent') return { kind: 'datagram', id: event.n }
  if ((event.type === 'received' || event.type === 'lost') && event.datagram !== null)
    return { kind: 'datagram', id: event.datagram }
  const [message] = messagesOf(event)
  if (message) return { kind: 'message', origin: message.origin, seq: message.seq }
  const node = nodeOf(event)
  return node === null ? null : { kind: 'node', id: node }
}

interface FiltersProps {
  readonly filter: EventFilter
  readonly setFilter: (filter: EventFilter) => void
}

function Filters({ filter, setFilter }: FiltersProps) {
  const n = usePageState(({ lab }) => lab.nodes.length)
  const messages = usePageState(({ lab }) => lab.messages)
  const chosen = messages.findIndex(
    ({ origin, seq }) => filter.message?.origin === origin && filter.message.seq === seq,
  )
  return (
    <div className={styles.filters}>
      <select
        aria-label="Node"
        value={filter.node ?? ''}
        onChange={({ target }) => setFilter({ ...filter, node: target.value === '' ? null : Number(target.value) })}
      >
        <option value="">every node</option>
        {Array.from({ length: n }, (_, id) => `node ${id}`).map((name, id) => (
          <option key={name} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        aria-label="Kind of event"
        value={filter.type ?? ''}
        onChange={({ target }) => setFilter({ ...filter, type: TYPES.find((type) => type === target.value) ?? null })}
      >
        <option value="">every kind</option>
        {TYPES.map((type) => (
          <option key={type}>{type}</option>
        ))}
      </select>
      <select
        aria-label="Message"
        value={chosen < 0 ? '' : chosen}
        onChange={({ target }) =>
          setFilter({ ...filter, message: target.value === '' ? null : (messages[Number(target.value)] ?? null) })
        }
      >
        <option value="">every message</option>
        {messages.length > MOST_MESSAGES && (
          <option disabled>{plural(messages.length - MOST_MESSAGES, 'message')} before these</option>
        )}
        {messages.slice(-MOST_MESSAGES).map(({ key, text }, index) => (
          <option key={key} value={Math.max(0, messages.length - MOST_MESSAGES) + index}>
            {shown(text)}
          </option>
        ))}
      </select>
    </div>
  )
}
