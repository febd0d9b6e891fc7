/**
 * Draws the space-time diagram: a lane per node in the columns of the stage, time running down, a line per datagram.
 * It is independent of React and the store.
 */

import { group } from 'd3'
import { livesOf } from '../../shared/model/lanes.ts'
import type { Mark } from '../../shared/model/trace.ts'
import { formatInstant, formatMs } from '../../shared/text/format.ts'
import { cut } from '../../shared/text/words.ts'
import { cross, line } from '../canvas/datagrams.ts'
import type { Place } from '../canvas/geometry.ts'
import type { Palette } from '../canvas/palette.ts'
import { shown } from '../model/shown.ts'
import type { DiagramPicture, Scale, Stroke, Strokes } from './strokes.ts'

export function drawDiagram(
  context: CanvasRenderingContext2D,
  { strokes, every }: Strokes,
  marks: readonly Mark[],
  scale: Scale,
  picture: DiagramPicture,
  palette: Palette,
) {
  drawSpan(context, scale, picture, palette)
  drawTicks(context, scale, picture, palette)
  drawLanes(context, marks, scale, picture, palette)
  drawStrokes(context, strokes, picture, palette)
  drawMarks(context, marks, scale, picture, palette)
  drawNow(context, scale, picture, palette)
  if (strokes.length === 0) {
    drawNote(context, quietWords(picture), scale.nowY / 2, picture, palette)
  } else if (every > 1) drawNote(context, `1 datagram in ${every} is drawn: zoom in for all`, 14, picture, palette)
}

/** Without a gate, the datagrams of programs are sent, and the lab does not see them. */
export const quietWords = ({ nodes, windowMs }: Pick<DiagramPicture, 'nodes' | 'windowMs'>): string =>
  nodes.some(({ program, gate }) => program && gate !== true)
    ? 'the lab cannot see the datagrams of programs'
    : `quiet: no datagrams in the last ${formatMs(windowMs)}`

function drawSpan(
  context: CanvasRenderingContext2D,
  scale: Scale,
  { columns, span, height }: DiagramPicture,
  palette: Palette,
) {
  if (!span) return
  const [top, bottom] = [Math.max(0, scale.y(span.from)), Math.min(height, scale.y(span.to))]
  if (bottom < 0 || top > height) return
  context.fillStyle = palette.accent
  context.globalAlpha = 0.12
  context.fillRect(columns.gutter, top, columns.width - columns.gutter, Math.max(1, bottom - top))
  context.globalAlpha = 1
  context.strokeStyle = palette.accent
  context.lineWidth = 1
  for (const y of [scale.y(span.from), scale.y(span.to)])
    line(context, { x: columns.gutter, y }, { x: columns.width, y })
}

/** Steps of the scale that people count in, in ms. In slow motion they are short. */
const STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
]

function drawTicks(
  context: CanvasRenderingContext2D,
  scale: Scale,
  { columns, windowMs, height }: DiagramPicture,
  palette: Palette,
) {
  const step = STEPS.find((candidate) => (candidate / windowMs) * height >= 34) ?? 60_000
  context.font = `${12 * palette.zoom}px ${palette.sans}`
  context.textAlign = 'right'
  context.fillStyle = palette.quiet
  context.strokeStyle = palette.line
  context.lineWidth = 1
  for (let at = Math.max(0, Math.ceil(scale.at(0) / step)) * step; at <= scale.now; at += step) {
    const y = scale.y(at)
    line(context, { x: columns.gutter, y }, { x: columns.width, y })
    if (y > 44 && y < scale.nowY - 16 * palette.zoom)
      context.fillText(formatInstant(at, step), columns.gutter - 8, y + 4)
  }
}

function drawLanes(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  scale: Scale,
  { columns, nodes, height }: DiagramPicture,
  palette: Palette,
) {
  context.strokeStyle = palette.lineStrong
  context.lineWidth = columns.pitch > 30 ? 2 : 1
  // Lanes that touch would be one block.
  context.globalAlpha = Math.min(1, Math.max(0.1, columns.pitch / 6))
  const byNode = group(marks, ({ node }) => node)
  for (const node of nodes) {
    const x = columns.x[node.id]
    if (x === undefined) continue
    for (const { from, to } of livesOf(node, byNode.get(node.id) ?? [])) {
      const [top, bottom] = [Math.max(0, scale.y(from)), Math.min(height, scale.y(to))]
      if (top < bottom) line(context, { x, y: top }, { x, y: bottom })
    }
  }
  context.globalAlpha = 1
}

/** With more strokes than this, hairlines without ends: thick ones cost several times as much and merge. */
export const MANY = 500

function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  picture: DiagramPicture,
  palette: Palette,
) {
  const isMany = strokes.length > MANY
  const wide = picture.columns.pitch > 30 && !isMany
  const statuses = strokes.filter(({ datagram }) => datagram.content.kind !== 'rumor')
  context.strokeStyle = palette.quiet
  context.fillStyle = palette.quiet
  // Dashes are expensive, and invisible among so many strokes.
  if (!isMany) context.setLineDash([4, 4])
  strokeLines(context, statuses, 1)
  context.setLineDash([])
  strokeAims(context, statuses)
  if (wide) fillEnds(context, statuses, 2.5)
  for (const [hue, rumors] of byHue(strokes, picture)) {
    context.strokeStyle = hue
    context.fillStyle = hue
    strokeLines(context, rumors, wide ? 2 : 1)
    strokeAims(context, rumors)
    if (wide) fillEnds(context, rumors, 3.5)
  }
  for (const stroke of strokes) drawEnd(context, stroke, picture, palette)
}

function byHue(strokes: readonly Stroke[], { paintOf }: DiagramPicture): ReadonlyMap<string, Stroke[]> {
  const rumors = new Map<string, Stroke[]>()
  for (const stroke of strokes) {
    const { content } = stroke.datagram
    if (content.kind !== 'rumor') continue
    const { hue } = paintOf(content.origin, content.seq)
    const alike = rumors.get(hue)
    if (alike) alike.push(stroke)
    else rumors.set(hue, [stroke])
  }
  return rumors
}

/**
 * In software rendering, one path for all is the fastest for hairlines, and takes twice as long as single ones for
 * thick lines.
 */
function strokeLines(
  context: CanvasRenderingContext2D,
  strokes: readonly Pick<Stroke, 'start' | 'end'>[],
  width: number,
) {
  context.lineWidth = width
  if (width > 1) {
    for (const { start, end } of strokes) line(context, start, end)
    return
  }
  context.beginPath()
  for (const { start, end } of strokes) {
    context.moveTo(start.x, start.y)
    context.lineTo(end.x, end.y)
  }
  context.stroke()
}

/** The remaining path of a datagram in flight. */
function strokeAims(context: CanvasRenderingContext2D, strokes: readonly Stroke[]) {
  context.globalAlpha = 0.35
  strokeLines(
    context,
    strokes.flatMap(({ end, aim }) => (aim ? { start: end, end: aim } : [])),
    1,
  )
  context.globalAlpha = 1
}

function fillEnds(context: CanvasRenderingContext2D, strokes: readonly Stroke[], radius: number) {
  context.beginPath()
  for (const { end, aim, lost, calm } of strokes) {
    if (aim || lost || calm) continue
    context.moveTo(end.x + radius, end.y)
    context.arc(end.x, end.y, radius, 0, 2 * Math.PI)
  }
  context.fill()
}

/** A cross at a loss, and a highlight of the selection. */
function drawEnd(
  context: CanvasRenderingContext2D,
  stroke: Stroke,
  { selected, paintOf }: DiagramPicture,
  palette: Palette,
) {
  const { datagram, start, end, aim, lost, calm } = stroke
  const { content } = datagram
  const colour = content.kind === 'rumor' ? paintOf(content.origin, content.seq).hue : palette.quiet
  if (lost) {
    context.strokeStyle = content.kind === 'rumor' ? colour : palette.warning
    context.lineWidth = 2
    cross(context, end, 4)
  }
  if (calm) {
    context.strokeStyle = palette.quiet
    context.lineWidth = 1
    context.beginPath()
    context.arc(end.x, end.y, 3, 0, 2 * Math.PI)
    context.stroke()
  }
  if (datagram.id === selected) {
    context.strokeStyle = palette.accent
    context.lineWidth = 5
    context.globalAlpha = 0.4
    line(context, start, aim ?? end)
    context.globalAlpha = 1
  }
}

function drawMarks(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  scale: Scale,
  { columns, height }: DiagramPicture,
  palette: Palette,
) {
  const oldest = scale.at(0)
  const seen = marks.filter(({ at }) => at >= oldest && at <= scale.now)
  // With many strokes, only a node's life has words.
  const isMany = seen.length > MANY_MARKS
  const roomy = columns.pitch >= 90
  const lastLabel = new Map<number, number>()
  for (const { at, node, kind, text } of seen) {
    const x = columns.x[node]
    if (x === undefined) continue
    const y = scale.y(at)
    if (kind === 'ended') {
      context.strokeStyle = palette.warning
      context.lineWidth = 2.5
      cross(context, { x, y }, 6)
    }
    const crowded = Math.abs(y - (lastLabel.get(node) ?? -99)) < 15
    if (!roomy || crowded || (isMany && kind !== 'ended' && kind !== 'running') || y < 8 || y > height - 4) continue
    lastLabel.set(node, y)
    drawLabel(context, kind, text, { x, y }, columns.gutter, palette)
  }
}

const MANY_MARKS = 80
const MAX_LABEL_CHARS = 14

function drawLabel(
  context: CanvasRenderingContext2D,
  kind: Mark['kind'],
  text: string,
  { x, y }: Place,
  gutter: number,
  palette: Palette,
) {
  const isLife = kind === 'ended' || kind === 'running'
  context.font = `${kind === 'silent' ? 400 : 500} ${12 * palette.zoom}px ${palette.sans}`
  context.textAlign = isLife ? 'left' : 'right'
  context.fillStyle = kind === 'ended' ? palette.warning : kind === 'stored' ? palette.ink : palette.quiet
  context.strokeStyle = palette.background
  context.lineWidth = 4
  const at = x + (isLife ? 11 : -9)
  // Instants are left of the gutter.
  const label = fitting(context, text, isLife ? Number.POSITIVE_INFINITY : at - gutter)
  context.strokeText(label, at, y + 4)
  context.fillText(label, at, y + 4)
}

/** Returns the prefix of a text that fits, at least one character. */
function fitting(context: CanvasRenderingContext2D, text: string, width: number): string {
  const cutTo = (chars: number) => shown(text.length > chars ? `${cut(text, chars)}…` : text)
  let chars = MAX_LABEL_CHARS
  while (chars > 1 && context.measureText(cutTo(chars)).width > width) chars -= 1
  return cutTo(chars)
}

function drawNow(
  context: CanvasRenderingContext2D,
  { now, nowY, windowMs }: Scale,
  { columns }: DiagramPicture,
  palette: Palette,
) {
  context.strokeStyle = palette.accent
  context.lineWidth = 1.5
  line(context, { x: columns.gutter, y: nowY }, { x: columns.width, y: nowY })
  drawTime(context, formatInstant(now, windowMs / 30), columns.gutter - 2, nowY, palette)
}

/** Draws the label of an instant, its right edge at x. */
export function drawTime(context: CanvasRenderingContext2D, text: string, x: number, y: number, palette: Palette) {
  context.font = `600 ${12 * palette.zoom}px ${palette.sans}`
  const width = context.measureText(text).width + 14
  context.fillStyle = palette.accent
  context.beginPath()
  context.roundRect(x - width, y - 10 * palette.zoom, width, 20 * palette.zoom, 4)
  context.fill()
  context.fillStyle = palette.accentInk
  context.textAlign = 'center'
  context.fillText(text, x - width / 2, y + 4)
}

/** In the middle, over the drawing. */
function drawNote(
  context: CanvasRenderingContext2D,
  text: string,
  y: number,
  { columns }: DiagramPicture,
  palette: Palette,
) {
  context.font = `${13 * palette.zoom}px ${palette.sans}`
  context.textAlign = 'center'
  context.fillStyle = palette.quiet
  context.strokeStyle = palette.background
  context.lineWidth = 6
  const x = (columns.gutter + columns.width) / 2
  context.strokeText(text, x, y)
  context.fillText(text, x, y)
}
