/**
 * Draws the datagrams of the stage on a canvas: rumors as filled dots in their message's colour, statuses as diamonds.
 */

import type { Paint } from '../../shared/model/colours.ts'
import { isLoss, lossBriefly, lossPlace } from '../../shared/model/losses.ts'
import { nodeName } from '../../shared/model/names.ts'
import { TRACE_MS, type TracedDatagram } from '../../shared/model/trace.ts'
import type { Glow } from '../model/flight.ts'
import { type Flight, flightAt, LOSS_SHOWN_MS } from '../model/flight.ts'
import type { Place, StageLayout } from './geometry.ts'
import type { Palette } from './palette.ts'
import { BELOW_MIDDLE, rimToRim } from './rims.ts'

export interface Spot {
  readonly datagram: TracedDatagram
  readonly flight: Flight
  readonly start: Place
  readonly at: Place
  readonly end: Place
  readonly paint: Paint | null
  /** Reason for the loss, in few words. */
  readonly reason: string
  /** Ended without a loss: drawn in a calm grey. */
  readonly calm: boolean
}

export interface Ground {
  readonly layout: StageLayout
  /** UDP port of node 0. */
  readonly rootId: number
  readonly paintOf: (origin: number, seq: number) => Paint
  /** With reduced motion, a datagram in flight is shown at rest, half-way. */
  readonly still: boolean
}

/** Draws all visible datagrams at `now`, oldest first. `longest` is the longest time in the air, in ms. */
export function spotsAt(
  datagrams: readonly TracedDatagram[],
  now: number,
  longest: number,
  ground: Ground,
  glow?: Glow,
): Spot[] {
  const spots: Spot[] = []
  const oldest = now - Math.min(TRACE_MS, longest + 2_000 + LOSS_SHOWN_MS)
  for (let index = datagrams.length - 1; index >= 0; index -= 1) {
    const datagram = datagrams[index]
    if (!datagram || datagram.sentAt < oldest) break
    const flight = flightAt(datagram, now, glow)
    const spot = flight && spotOf(datagram, flight, ground)
    if (spot) spots.push(spot)
  }
  return spots.reverse()
}

function spotOf(datagram: TracedDatagram, flight: Flight, { layout, rootId, paintOf, still }: Ground): Spot | null {
  const [from, to] = [layout.places[datagram.from - rootId], layout.places[datagram.to - rootId]]
  if (!from || !to) return null
  const { content } = datagram
  const paint = content.kind === 'rumor' ? paintOf(content.origin, content.seq) : null
  const lane = laneOf(datagram, layout.radius)
  const { x1, y1, x2, y2 } = rimToRim(from, to, layout.radius)
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  // Shifted to the right of its path, so that datagrams in the other direction do not overlap it.
  const [ox, oy] = [(-(y2 - y1) / length) * lane, ((x2 - x1) / length) * lane]
  const start = { x: x1 + ox, y: y1 + oy }
  const end = { x: x2 + ox, y: y2 + oy }
  const progress = flight.phase === 'lost' ? lossPlace(datagram) : progressOf(flight, still)
  const at = { x: start.x + (end.x - start.x) * progress, y: start.y + (end.y - start.y) * progress }
  const reason = datagram.lostWhy === null ? '' : lossBriefly(datagram.lostWhy, nodeName(datagram.to - rootId))
  const calm = datagram.lostWhy !== null && !isLoss(datagram.lostWhy)
  return { datagram, flight, start, at, end, paint, reason, calm }
}

function progressOf(flight: Exclude<Flight, { phase: 'lost' }>, still: boolean): number {
  if (flight.phase === 'arrived') return 1
  return still ? 0.5 : flight.progress
}

/** Messages that travel together travel side by side. */
function laneOf({ content }: TracedDatagram, radius: number): number {
  const width = Math.min(2.4, radius / 12)
  return content.kind === 'rumor' ? width * (1 + ((content.seq + content.origin) % 4)) : width
}

/**
 * Maximum number of drawn datagrams. Beyond it, arrivals of statuses are left out, and only the newest rumors are
 * drawn.
 */
const MANY = 250
const MOST_ARRIVALS = 120

export function drawSpots(
  context: CanvasRenderingContext2D,
  spots: readonly Spot[],
  palette: Palette,
  size: number,
  selected: number | null,
) {
  const crowded = spots.length > MANY
  const arrivals = spots.filter(({ flight, paint }) => flight.phase === 'arrived' && (paint || !crowded))
  for (const spot of arrivals.slice(-MOST_ARRIVALS)) drawArrival(context, spot, palette, size)
  for (const spot of spots) if (spot.flight.phase === 'flying') drawTrail(context, spot, crowded)
  for (const spot of spots) {
    if (spot.flight.phase !== 'lost') continue
    if (spot.calm) drawCalmEnd(context, spot, palette, size)
    else drawLoss(context, spot, palette, size)
  }
  const flying = spots.filter(({ flight }) => flight.phase === 'flying')
  for (const spot of flying)
    if (spot.datagram.content.kind === 'undecoded') drawUndecoded(context, spot, palette, size)
    else if (!spot.paint) drawStatus(context, spot, palette, size)
  for (const spot of flying) if (spot.paint) drawRumor(context, spot, spot.paint, palette, size)
  drawLossLabels(context, spots, palette, size)
  const chosen = spots.find(({ datagram }) => datagram.id === selected)
  if (chosen) drawChoice(context, chosen, palette, size)
  context.globalAlpha = 1
}

/** Draws a halo at its arrival, and for a moment its path: without a delay it would be invisible. */
function drawArrival(context: CanvasRenderingContext2D, spot: Spot, palette: Palette, size: number) {
  const { start, at, paint, flight } = spot
  if (flight.phase !== 'arrived') return
  context.strokeStyle = paint?.hue ?? palette.quiet
  context.globalAlpha = (1 - flight.age) * (paint ? 0.6 : 0.35)
  context.lineWidth = paint ? 2 : 1
  line(context, start, at)
  context.lineWidth = 1.5
  context.beginPath()
  context.arc(at.x, at.y, size * (0.8 + flight.age * 1.6), 0, 2 * Math.PI)
  context.stroke()
}

function drawTrail(context: CanvasRenderingContext2D, { start, at, paint }: Spot, crowded: boolean) {
  if (!paint) return
  context.globalAlpha = 0.75
  context.strokeStyle = paint.hue
  context.lineWidth = crowded ? 1 : 2
  if (crowded) twoHairlines(context, start, at)
  else line(context, start, at)
}

/** In software rendering, two lines side by side take half as long as one line of their width. */
function twoHairlines(context: CanvasRenderingContext2D, from: Place, to: Place) {
  const isFlat = Math.abs(to.x - from.x) > Math.abs(to.y - from.y)
  const [ox, oy] = isFlat ? [0, 0.5] : [0.5, 0]
  context.beginPath()
  context.moveTo(from.x - ox, from.y - oy)
  context.lineTo(to.x - ox, to.y - oy)
  context.moveTo(from.x + ox, from.y + oy)
  context.lineTo(to.x + ox, to.y + oy)
  context.stroke()
}

function drawLoss(
  context: CanvasRenderingContext2D,
  { start, at, paint, flight }: Spot,
  palette: Palette,
  size: number,
) {
  if (flight.phase !== 'lost') return
  context.globalAlpha = 1 - flight.age ** 3
  context.strokeStyle = paint?.hue ?? palette.quiet
  context.lineWidth = paint ? 2 : 1
  context.setLineDash(paint ? [] : [3, 3])
  line(context, start, at)
  context.setLineDash([])
  context.strokeStyle = paint ? paint.hue : palette.warning
  context.lineWidth = 2.5
  cross(context, at, size)
}

/** The receiver was not up yet: the datagram fades at its end, without an alarm. */
function drawCalmEnd(context: CanvasRenderingContext2D, { start, at, flight }: Spot, palette: Palette, size: number) {
  if (flight.phase !== 'lost') return
  context.globalAlpha = 0.7 * (1 - flight.age ** 3)
  context.strokeStyle = palette.quiet
  context.lineWidth = 1
  context.setLineDash([3, 3])
  line(context, start, at)
  context.setLineDash([])
  context.beginPath()
  context.arc(at.x, at.y, size * 0.8, 0, 2 * Math.PI)
  context.stroke()
}

/** Font size of a label, in px. */
const LABEL = 13

/** One label per position: a burst that is lost has one reason. */
function drawLossLabels(context: CanvasRenderingContext2D, spots: readonly Spot[], palette: Palette, size: number) {
  if (size < 5) return
  const labels = new Map<string, Spot>()
  for (const spot of spots)
    if (spot.flight.phase === 'lost' && (spot.paint || spot.calm))
      labels.set(`${spot.datagram.from} ${spot.datagram.to}`, spot)
  const stageWidth = context.canvas.width / context.getTransform().a
  context.font = `500 ${LABEL * palette.zoom}px ${palette.sans}`
  context.textAlign = 'center'
  context.strokeStyle = palette.background
  context.lineWidth = 4
  context.globalAlpha = 1
  for (const { start, end, at, datagram, reason, calm } of labels.values()) {
    context.fillStyle = calm ? palette.quiet : palette.warning
    if (!datagram.lostWhy) continue
    const wide = Math.abs(end.x - start.x)
    const isFlat = wide > Math.abs(end.y - start.y)
    // Above the nodes, if a flat link is too short for the words.
    const { width } = context.measureText(reason)
    const { x, y } = isFlat
      ? { x: (start.x + end.x) / 2, y: at.y - (width < wide ? size + 12 : size * 7.5) }
      : besideWay({ start, end, at }, width, stageWidth)
    const onStage = Math.max(width / 2, Math.min(stageWidth - width / 2, x))
    // A stage may have no room above its nodes.
    const below = Math.max(y, LABEL * palette.zoom)
    context.strokeText(reason, onStage, below)
    context.fillText(reason, onStage, below)
  }
}

/**
 * Near the receiver there are the receiver's words, so a label comes beside the path, some distance before its end. On
 * a downward path it comes below the label of the link.
 */
function besideWay({ start, end, at }: Pick<Spot, 'start' | 'end' | 'at'>, width: number, stageWidth: number): Place {
  const [x, before] = [start.x + (at.x - start.x) * 0.8, start.y + (at.y - start.y) * 0.8 + 5]
  const y = end.y > start.y ? Math.max(before, (start.y + end.y) / 2 + BELOW_MIDDLE + LABEL + 4) : before
  const aside = width / 2 + 12
  return { x: x + aside + width / 2 < stageWidth ? x + aside : x - aside, y }
}

/** Half the width of its outline, in px, towards a corner. */
const RIM = 0.8 * Math.SQRT2

/** One diamond in another: stroking the outline takes three times as long. */
function drawStatus(context: CanvasRenderingContext2D, { at }: Spot, palette: Palette, size: number) {
  context.globalAlpha = 1
  context.fillStyle = palette.ink
  diamond(context, at, size + RIM)
  context.fillStyle = palette.background
  diamond(context, at, size - RIM)
}

/** Nobody knows what it is: only its size is shown. */
function drawUndecoded(context: CanvasRenderingContext2D, { at, datagram }: Spot, palette: Palette, size: number) {
  const half = size * 0.7
  context.globalAlpha = 1
  context.fillStyle = palette.ink
  context.fillRect(at.x - half - RIM, at.y - half - RIM, 2 * (half + RIM), 2 * (half + RIM))
  context.fillStyle = palette.background
  context.fillRect(at.x - half + RIM, at.y - half + RIM, 2 * (half - RIM), 2 * (half - RIM))
  if (size < 5) return
  context.font = `500 ${LABEL * palette.zoom}px ${palette.sans}`
  context.textAlign = 'center'
  context.lineWidth = 4
  context.strokeStyle = palette.background
  context.fillStyle = palette.quiet
  const words = `${datagram.bytes} B`
  context.strokeText(words, at.x, at.y - size - 6)
  context.fillText(words, at.x, at.y - size - 6)
}

function diamond(context: CanvasRenderingContext2D, { x, y }: Place, size: number) {
  context.beginPath()
  context.moveTo(x, y - size)
  context.lineTo(x + size, y)
  context.lineTo(x, y + size)
  context.lineTo(x - size, y)
  context.fill()
}

function drawRumor(context: CanvasRenderingContext2D, { at }: Spot, paint: Paint, palette: Palette, size: number) {
  context.globalAlpha = 1
  disc(context, at, size * 0.95 + 1.2, palette.background)
  disc(context, at, size * 0.95, paint.hue)
  if (paint.pattern !== 'plain') disc(context, at, size * (paint.pattern === 'hollow' ? 0.5 : 0.25), palette.background)
}

function drawChoice(context: CanvasRenderingContext2D, { at }: Spot, palette: Palette, size: number) {
  context.globalAlpha = 1
  context.strokeStyle = palette.accent
  context.lineWidth = 2
  context.beginPath()
  context.arc(at.x, at.y, size + 6, 0, 2 * Math.PI)
  context.stroke()
}

export function line(context: CanvasRenderingContext2D, from: Place, to: Place) {
  context.beginPath()
  context.moveTo(from.x, from.y)
  context.lineTo(to.x, to.y)
  context.stroke()
}

export function cross(context: CanvasRenderingContext2D, { x, y }: Place, size: number) {
  context.beginPath()
  context.moveTo(x - size, y - size)
  context.lineTo(x + size, y + size)
  context.moveTo(x + size, y - size)
  context.lineTo(x - size, y + size)
  context.stroke()
}

function disc(context: CanvasRenderingContext2D, { x, y }: Place, radius: number, colour: string) {
  context.fillStyle = colour
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
}
