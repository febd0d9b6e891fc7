/** The time bar: an overview of the past with its landmarks, and the view's position in it. */
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { formatInstant, spokenInstant } from '../../shared/text/format.ts'
import { prepareCanvas, readPalette } from '../canvas/palette.ts'
import { type Mark, marksOf, roomInRow, type Sign } from '../model/time/marks.ts'
import { framedScale, nextScale, type Scale } from '../model/time/scale.ts'
import { useLook, usePage, usePageState, useZoom } from '../ui/page.ts'
import { Hidden } from '../ui/ui.tsx'
import { useSize } from '../ui/use-size.ts'
import { useTick } from '../ui/use-tick.ts'
import { drawPast, scaleOf } from './picture.ts'
import styles from './TimeBar.module.css'

/** Interval in ms at which the growing past is redrawn: nobody sees smaller steps. */
const EVERY_MS = 100

/** Distance from the sign of a mark to the end of its count, in px. */
const REACH = 19
/** Room for the words at the beginning of the past, in px. */
const BEGINNING = 96

export function Scrubber() {
  const { player, store } = usePage()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = useSize(box)
  const mode = usePageState((state) => state.mode)
  const look = useLook()
  useTick(EVERY_MS)
  const isHeld = useRef(false)
  const scale = useRef<Scale>(null)
  const { past } = store
  const { history, landmarks } = past
  const shown = { of: past, from: history.from, to: history.to, at: player.at, mode, isHeld: isHeld.current }
  const framed = usePageState((state) => state.framed)
  scale.current = framed ? framedScale(framed, shown) : nextScale(scale.current, shown)
  const { from, to } = scale.current
  const at = mode === 'live' ? to : player.at
  const place = scaleOf({ from, to, width })
  const zoom = useZoom()
  const beginning = usePageState((state) => state.beginning)
  const marks = marksOf(landmarks.all, place, zoom)
  // Instant under the pointer, or of the slider while it has the focus.
  const [looked, setLooked] = useState<number | 'slider' | null>(null)
  const lookedAt = looked === 'slider' ? place(at) : looked
  const row = { from: beginning === 'all' ? 0 : BEGINNING * zoom, to: width, zoom }
  const first = useFirstMark(marks, row)
  const mark = lookedAt === null ? undefined : marks.find(({ x }) => lookedAt > x - 7 && lookedAt < x + REACH)

  useEffect(() => {
    const surface = canvas.current
    const context = surface && width > 0 && look && prepareCanvas(surface, width, height)
    if (!surface || !context) return
    drawPast(context, { from, to, at, width, height }, history, marks, readPalette(surface))
  })

  return (
    <div
      ref={box}
      className={styles.scrubber}
      onPointerEnter={() => {
        isHeld.current = true
      }}
      onPointerLeave={() => {
        isHeld.current = false
        setLooked(null)
      }}
      onPointerMove={({ clientX, currentTarget }) => setLooked(clientX - currentTarget.getBoundingClientRect().left)}
    >
      <Beginning from={from} />
      <canvas ref={canvas} aria-hidden style={{ width, height }} />
      <input
        type="range"
        aria-label="Instant shown"
        data-keys="page"
        min={from}
        max={to}
        step="any"
        value={at}
        aria-valuetext={
          mark && looked === 'slider' ? `${spokenInstant(player.at)}, ${mark.words}` : spokenInstant(player.at)
        }
        onFocus={() => setLooked('slider')}
        onBlur={() => setLooked(null)}
        onKeyDown={() => setLooked('slider')}
        onChange={({ target }) => player.seek(Number(target.value))}
      />
      {mark && (
        <span
          className={styles.mark}
          style={{ left: `clamp(var(--most) / 2, ${mark.x}px, 100% - var(--most) / 2)` }}
          aria-hidden
        >
          {mark.words}
        </span>
      )}
      {first && !mark && (
        <span className={styles.mark} style={{ left: first.x }} data-first>
          <Explained sign={first.sign} />
        </span>
      )}
    </div>
  )
}

/** In ms of the person. */
const EXPLAINED_FOR_MS = 6_000

/** As `picture.ts` draws them; as characters they would need a further font. */
const SIGNS: Readonly<Record<Sign, { readonly d: string; readonly words: string }>> = {
  start: { d: 'M1 10L6 1L11 10Z', words: 'a node started' },
  message: { d: 'M2.5 6a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0', words: 'a node got a message' },
  agreement: { d: 'M2 5H10V7H2Z', words: 'nodes agree: they have the same messages' },
  crash: { d: 'M2 2L10 10M10 2L2 10', words: 'a node crashed' },
  mixed: { d: 'M2.5 2.5H9.5V9.5H2.5Z', words: 'several events: point at the mark to see them' },
}
/** Widths of a letter and of a sign with its gap, in px. */
const LETTER = 6.5
const SIGN = 18

function Explained({ sign }: Pick<Mark, 'sign'>) {
  const { d, words } = SIGNS[sign]
  return (
    <>
      <svg width="12" height="12" fill={sign === 'mixed' ? 'none' : 'currentColor'} stroke="currentColor" aria-hidden>
        <path d={d} />
      </svg>{' '}
      {words}
    </>
  )
}

/** Signs that have not been explained yet, one after the other, if there is room in the row of marks. */
function useFirstMark(marks: readonly Mark[], row: Parameters<typeof roomInRow>[3]) {
  const { known } = usePage()
  const names = useStore(known)
  const first = marks.find(({ sign }) => !names.has(`${sign}-mark`))
  const wide = first ? (SIGN + LETTER * SIGNS[first.sign].words.length) * (row.zoom ?? 1) : 0
  const x = first ? roomInRow(marks, first, wide, row) : null
  const sign = x === null ? undefined : first?.sign
  useEffect(() => {
    if (sign === undefined) return
    const timer = setTimeout(() => known.learn(`${sign}-mark`), EXPLAINED_FOR_MS)
    return () => clearTimeout(timer)
  }, [known, sign])
  return sign === undefined || x === null ? null : { sign, x }
}

/** The beginning of the past, unless it is that of the lab. */
function Beginning({ from }: { readonly from: number }) {
  const beginning = usePageState((state) => state.beginning)
  if (beginning === 'all') return null
  const words =
    beginning === 'more' ? 'earlier events load when you go there' : 'the lab no longer keeps earlier events'
  return (
    <span className={styles.beginning} title={words}>
      from {formatInstant(from)}
      <Hidden>, {words}</Hidden>
    </span>
  )
}
