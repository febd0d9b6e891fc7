/** The space-time diagram as a scene: a canvas that scrolls with time, and hit tests for the pointer. */
import { select } from 'd3'
import type { Mark, TracedDatagram } from '../../shared/model/trace.ts'
import { formatInstant } from '../../shared/text/format.ts'
import { prepareCanvas, readPalette } from '../canvas/palette.ts'
import { createTip } from '../canvas/tip.ts'
import { rectsAlong } from '../canvas/tip-place.ts'
import type { Span } from '../model/time/span.ts'
import { drawDiagram, drawTime, MANY } from './diagram.ts'
import { listenTo } from './gestures.ts'
import styles from './SpaceTime.module.css'
import { type DiagramPicture, type Scale, type Stroke, scaleOf, strokesAt } from './strokes.ts'

export interface DiagramHandlers {
  readonly chooseDatagram: (id: number) => void
  /** The pointer is at an instant of the lab, or at none any more. */
  readonly point: (at: number | null) => void
  readonly describe: (datagram: TracedDatagram) => readonly string[]
  /** Around an instant of the lab. */
  readonly zoom: (factor: number, at: number) => void
  readonly pan: (ms: number) => void
  readonly choose: (span: Span) => void
}

export interface DiagramScene {
  update(picture: DiagramPicture): void
  draw(now: number, datagrams: readonly TracedDatagram[], marks: readonly Mark[]): void
  destroy(): void
}

/** Half the rate of the screen, in ms: scrolling looks the same and costs half. */
const FRAME_MS = 30
/** With very many strokes, other work of the page takes precedence over smooth drawing. */
const BURST_FRAME_MS = 120
/** An expensive drawing is repeated less often: drawing takes at most one part in so many of the time. */
const BUSY = 4
const REACH = 8
/** Margin of a stroke that the tooltip avoids, in px. */
const STROKE_ROOM = 6
/** With reduced motion, time moves on in steps of this share of the visible span. */
const STILL_STEPS = 3

export function createDiagram(element: HTMLElement, handlers: DiagramHandlers): DiagramScene {
  const canvas = select(element)
    .append('canvas')
    .attr('class', styles.canvas ?? '')
    .attr('aria-hidden', true)
    .node()
  const tip = createTip(element)
  let picture: DiagramPicture | null = null
  let palette = readPalette(element)
  let strokes: Stroke[] = []
  let drawn: { now: number; newest: TracedDatagram | undefined; count: number } = {
    now: -1,
    newest: undefined,
    count: 0,
  }
  let isStale = true
  let nextAt = 0
  // Scrolled out of sight, as below a stage of 64 nodes, it costs nothing.
  let inSight = true
  const sight = new IntersectionObserver((entries) => {
    // Several entries may come at once; the last one is the present state.
    inSight = entries.at(-1)?.isIntersecting ?? true
  })
  sight.observe(element)
  let pointer: { x: number; y: number } | null = null
  let scale: Scale | null = null

  function nearest(): Stroke | undefined {
    if (!pointer) return undefined
    const { x, y } = pointer
    const near = strokes.map((stroke) => ({ stroke, far: distance(stroke, x, y) })).filter(({ far }) => far < REACH)
    return near.sort((a, b) => a.far - b.far)[0]?.stroke
  }

  function point(scale: Scale, context: CanvasRenderingContext2D, { columns, cursor }: DiagramPicture) {
    const stroke = nearest()
    element.style.cursor = stroke ? 'pointer' : ''
    if (stroke && pointer)
      tip.show(pointer, handlers.describe(stroke.datagram), rectsAlong(stroke.start, stroke.end, STROKE_ROOM))
    else tip.hide()
    const y = pointer?.y ?? (cursor === null ? Number.NaN : scale.y(cursor))
    if (!(y >= 0 && y <= scale.nowY)) return
    context.strokeStyle = palette.accent
    context.globalAlpha = 0.5
    context.lineWidth = 1
    context.beginPath()
    context.moveTo(columns.gutter, y)
    context.lineTo(columns.width, y)
    context.stroke()
    context.globalAlpha = 1
    drawTime(context, formatInstant(scale.at(y), scale.windowMs / 100), columns.width, y, palette)
  }

  const stopListening = listenTo(element, {
    point(place) {
      pointer = place
      isStale = true
      if (scale && place && place.y <= scale.nowY) handlers.point(scale.at(place.y))
    },
    leave: () => handlers.point(null),
    click() {
      const stroke = nearest()
      if (stroke) handlers.chooseDatagram(stroke.datagram.id)
    },
    zoom: (factor, y) => scale && handlers.zoom(factor, scale.at(y)),
    pan: (px) => scale && handlers.pan((px * scale.windowMs) / scale.nowY),
    brush(from, to) {
      const instants = [from, to].map((y) => scale?.at(Math.min(y, scale.nowY)) ?? 0)
      handlers.choose({ from: Math.max(0, Math.min(...instants)), to: Math.max(0, ...instants) })
    },
  })

  return {
    update(next) {
      if (picture?.theme !== next.theme) palette = readPalette(element)
      picture = next
      isStale = true
      if (!canvas) return
      canvas.style.width = `${next.columns.width}px`
      canvas.style.height = `${next.height}px`
    },
    draw(now, datagrams, marks) {
      // By the person's clock: the view's may be paused, run slowly or go back.
      const local = performance.now()
      const newest = datagrams.at(-1)
      if (now !== drawn.now || newest !== drawn.newest || datagrams.length !== drawn.count) isStale = true
      if (!picture || !canvas || !inSight || !isStale || local < nextAt) return
      isStale = false
      drawn = { now, newest, count: datagrams.length }
      const step = picture.windowMs / STILL_STEPS
      scale = scaleOf(picture, picture.still ? Math.ceil(now / step) * step : now)
      const seen = strokesAt(datagrams, scale, picture)
      strokes = seen.strokes
      const context = prepareCanvas(canvas, picture.columns.width, picture.height)
      if (!context) return
      drawDiagram(context, seen, marks, scale, picture, palette)
      point(scale, context, picture)
      nextAt = local + Math.max(strokes.length > MANY ? BURST_FRAME_MS : FRAME_MS, BUSY * (performance.now() - local))
    },
    destroy() {
      sight.disconnect()
      stopListening()
      element.replaceChildren()
    },
  }
}

/** Returns the distance from a point to a stroke, in px. */
function distance({ start, end }: Stroke, x: number, y: number): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - start.x) * dx + (y - start.y) * dy) / square))
  return Math.hypot(start.x + along * dx - x, start.y + along * dy - y)
}
