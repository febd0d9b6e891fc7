/** The space-time diagram as a scene: a canvas that scrolls with time, a pointer that asks what is under it. */
import { select } from 'd3'
import { prepareCanvas, readPalette } from '../stage/palette.ts'
import { createTip } from '../stage/tip.ts'
import type { Mark, TracedArrow } from '../store/trace.ts'
import { drawDiagram, drawTime, instantWords } from './diagram.ts'
import styles from './SpaceTime.module.css'
import { type DiagramPicture, type Scale, type Stroke, scaleOf, strokesAt } from './strokes.ts'

export interface DiagramHandlers {
  readonly chooseArrow: (arrow: number) => void
  readonly point: (at: number) => void
  readonly describe: (arrow: TracedArrow) => readonly string[]
}

export interface DiagramScene {
  update(picture: DiagramPicture): void
  draw(now: number, arrows: readonly TracedArrow[], marks: readonly Mark[]): void
  destroy(): void
}

/** Twice as seldom as the screen: scrolling looks the same and costs half. In ms. */
const FRAME_MS = 30
const REACH = 8
/** With less motion wanted, time moves on in steps of this share of what is shown. */
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
  let drawnAt = Number.NEGATIVE_INFINITY
  // Scrolled out of sight, as below a stage of 64 nodes, it costs nothing.
  let inSight = true
  const sight = new IntersectionObserver(([entry]) => {
    inSight = entry?.isIntersecting ?? true
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
    if (stroke && pointer) tip.show(pointer.x, pointer.y, handlers.describe(stroke.arrow))
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
    drawTime(context, instantWords(scale.at(y), scale.windowMs / 100), columns.width, y, palette)
  }

  const follow = (event: PointerEvent | MouseEvent) => {
    const { left, top } = element.getBoundingClientRect()
    pointer = { x: event.clientX - left, y: event.clientY - top }
  }
  select(element)
    .on('pointermove', (event: PointerEvent) => {
      follow(event)
      if (scale && pointer && pointer.y <= scale.nowY) handlers.point(scale.at(pointer.y))
    })
    .on('pointerleave', () => {
      pointer = null
    })
    .on('click', (event: MouseEvent) => {
      follow(event)
      const stroke = nearest()
      if (stroke) handlers.chooseArrow(stroke.arrow.arrow)
    })

  return {
    update(next) {
      if (picture?.theme !== next.theme) palette = readPalette(element)
      picture = next
      drawnAt = Number.NEGATIVE_INFINITY
      if (!canvas) return
      canvas.style.width = `${next.columns.width}px`
      canvas.style.height = `${next.height}px`
    },
    draw(now, arrows, marks) {
      // By the person's clock: the view's may stand still, run slowly or go back.
      const local = performance.now()
      if (!picture || !canvas || !inSight || local - drawnAt < FRAME_MS) return
      drawnAt = local
      const step = picture.windowMs / STILL_STEPS
      scale = scaleOf(picture, picture.still ? Math.ceil(now / step) * step : now)
      strokes = strokesAt(arrows, scale, picture)
      const context = prepareCanvas(canvas, picture.columns.width, picture.height)
      if (!context) return
      drawDiagram(context, strokes, marks, scale, picture, palette)
      point(scale, context, picture)
    },
    destroy() {
      sight.disconnect()
      select(element).on('pointermove', null).on('pointerleave', null).on('click', null)
      element.replaceChildren()
    },
  }
}

/** From a point to a stroke, in px. */
function distance({ start, end }: Stroke, x: number, y: number): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - start.x) * dx + (y - start.y) * dy) / square))
  return Math.hypot(start.x + along * dx - x, start.y + along * dy - y)
}
