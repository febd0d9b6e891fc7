/** The infection curves: for the newest messages, nodes reached over time, with the time to all. */
import { ticks } from 'd3'
import { useRef } from 'react'
import { type Pattern, paintOf } from '../../shared/model/colours.ts'
import type { MessageState } from '../../shared/model/lab-state.ts'
import { formatMs, plural } from '../../shared/text/format.ts'
import { curveOf, type Point, reachedBy } from '../model/curve.ts'
import { timeToAll } from '../model/measures.ts'
import { shown } from '../model/shown.ts'
import { usePage, usePageState, useZoom } from '../ui/page.ts'
import { unlessTouched } from '../ui/ui.tsx'
import { useSize } from '../ui/use-size.ts'
import styles from './InfectionCurve.module.css'

const MAX_CURVES = 9
const SHORTEST_MS = 200
/** Room for one time on the axis, in px. */
const TICK = 76

interface Curve {
  readonly message: MessageState
  readonly hue: string
  readonly pattern: Pattern
  readonly steps: readonly Point[]
  readonly toAll: number | null
  readonly selected: boolean
}

export function InfectionCurve() {
  const { store } = usePage()
  const plot = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(plot)
  const zoom = useZoom()
  const n = usePageState(({ lab }) => lab.nodes.length)
  const cursor = usePageState((state) => state.cursor)
  const curves = useCurves()
  const older = usePageState(({ lab }) => lab.messages.length) - curves.length
  const last = Math.max(SHORTEST_MS, ...curves.map(({ steps }) => steps.at(-1)?.ms ?? 0))
  const longest = last * 1.05
  const [left, right] = [42 * zoom, Math.max(60, width - 28 * zoom)]
  const [bottom, top] = [Math.max(40, height - 30 * zoom), 16]
  const x = (ms: number) => left + ((right - left) * ms) / longest
  const msAt = (px: number) => ((px - left) * longest) / (right - left)
  const y = (nodes: number) => bottom - ((bottom - top) * nodes) / Math.max(1, n)
  // Horizontal to each step, and up.
  const path = (steps: readonly Point[]) =>
    steps.map(({ ms, nodes }, index) => (index === 0 ? `M${x(ms)},${y(nodes)}` : `H${x(ms)}V${y(nodes)}`)).join('')
  const words = curves.map(({ message, steps, toAll }) => `${shown(message.text)}: ${summary(steps.length, n, toAll)}`)

  return (
    <div className={styles.box}>
      <div className={styles.both}>
        <div ref={plot} className={styles.plot}>
          {curves.length === 0 ? (
            <p className={styles.empty}>No messages yet. Each message gets a curve here.</p>
          ) : (
            <svg
              width={width}
              height={height}
              role="img"
              aria-label={`Nodes reached against time. ${words.join('. ')}`}
              onPointerLeave={(event) => unlessTouched(event) && store.point(null)}
              onPointerMove={({ clientX, currentTarget }) => {
                const newest = curves.find(({ selected }) => selected) ?? curves.at(-1)
                if (newest) store.point(newest.message.at + msAt(clientX - currentTarget.getBoundingClientRect().left))
              }}
            >
              {ticks(0, longest, Math.max(1, Math.min(6, Math.floor((right - left) / TICK)))).map((ms) => (
                <g key={ms} transform={`translate(${x(ms)},0)`} className={styles.tick}>
                  <line y1={y(n)} y2={y(0)} />
                  <text y={y(0) + 16 * zoom}>{formatMs(ms)}</text>
                </g>
              ))}
              {[0, n].map((nodes) => (
                <text key={nodes} className={styles.count} x={28 * zoom} y={y(nodes) + 4}>
                  {nodes}
                </text>
              ))}
              {curves.map(({ message, hue, pattern, steps, toAll, selected }, place) => (
                <g
                  key={message.key}
                  className={styles.curve}
                  data-selected={selected}
                  data-pattern={pattern}
                  style={{ color: hue }}
                  transform={asideBy(place, curves.length)}
                >
                  <path d={path([...steps, { ms: last, nodes: steps.at(-1)?.nodes ?? 0 }])} />
                  {toAll !== null && <circle cx={x(toAll)} cy={y(steps.length)} r={4} />}
                  {cursor !== null && cursor >= message.at && (
                    <circle
                      className={styles.cursor}
                      cx={x(Math.min(last, cursor - message.at))}
                      cy={y(reachedBy(steps, cursor - message.at))}
                      r={5}
                    />
                  )}
                </g>
              ))}
            </svg>
          )}
        </div>
        <ul className={styles.legend}>
          {[...curves]
            .reverse()
            .map(({ message: { key, text, origin, seq }, hue, pattern, steps, toAll, selected }) => (
              <li key={key}>
                <button
                  type="button"
                  aria-pressed={selected}
                  onClick={() => store.select({ kind: 'message', origin, seq })}
                >
                  <span aria-hidden className={styles.swatch} data-pattern={pattern} style={{ color: hue }} />
                  <span className={styles.text}>{shown(text)}</span> <span>{summary(steps.length, n, toAll)}</span>
                </button>
              </li>
            ))}
          {older > 0 && <li className={styles.older}>and {plural(older, 'message')} before these</li>}
        </ul>
      </div>
    </div>
  )
}

/** Offset of messages that took the same time, in px: they are drawn beside each other. */
const APART = 2.5
const asideBy = (place: number, count: number) => {
  const aside = (place - (count - 1) / 2) * APART
  return `translate(${aside},${aside})`
}

const summary = (reached: number, n: number, toAll: number | null) =>
  toAll === null ? `${reached} of ${n}` : formatMs(toAll)

/** The newest messages, and the selected one. */
function useCurves(): Curve[] {
  const messages = usePageState(({ lab }) => lab.messages)
  const nodes = usePageState(({ lab }) => lab.nodes)
  const selection = usePageState((state) => state.selection)
  const isSelected = ({ origin, seq }: MessageState) =>
    selection?.kind === 'message' && selection.origin === origin && selection.seq === seq
  return messages
    .map((message, place) => ({ message, place }))
    .filter(({ message, place }) => place >= messages.length - MAX_CURVES || isSelected(message))
    .map(({ message, place }) => ({
      message,
      hue: paintOf(place).hue,
      pattern: paintOf(place).pattern,
      steps: curveOf(message),
      toAll: timeToAll(message, nodes),
      selected: isSelected(message),
    }))
}
