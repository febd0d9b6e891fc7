/**
 * Draws the stage of a large network on two canvases: links, which change seldom, and nodes with datagrams, each frame.
 * A datagram is a dot; where there are too many for dots, each link is as bright as it is busy.
 */
import { group } from 'd3'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import type { StageLayout } from '../canvas/geometry.ts'
import { type Palette, prepareCanvas } from '../canvas/palette.ts'
import { progressAt } from '../model/flight.ts'
import type { LinkView } from './view.ts'

export type Look = 'down' | 'empty' | string

export interface LargePicture {
  readonly width: number
  readonly layout: StageLayout
  /** By node: a colour of what it holds, or that it runs and holds nothing, or that it does not run. */
  readonly looks: readonly Look[]
  readonly links: readonly LinkView[]
  readonly selected: number | null
  /** Longest time in the air, in ms. */
  readonly longest: number
  readonly rootId: number
  readonly hueOf: (datagram: TracedDatagram) => string | null
  /** With reduced motion, a datagram is shown half-way. */
  readonly still: boolean
}

/** Most datagrams in flight that are drawn as dots. */
const MOST_DOTS = 2_500
/** Datagrams in flight on one link that make it as bright as can be. */
const BUSY = 8

export function drawLinks(canvas: HTMLCanvasElement, picture: LargePicture, palette: Palette) {
  const { layout, links, width } = picture
  const context = prepareCanvas(canvas, width, layout.height)
  if (!context) return
  context.lineWidth = 1
  context.globalAlpha = links.length > 3_000 ? 0.35 : 0.7
  for (const isFaulty of [false, true]) {
    context.strokeStyle = isFaulty ? palette.warning : palette.line
    context.beginPath()
    for (const { a, b, fault } of links) {
      const [from, to] = [layout.places[a], layout.places[b]]
      if (!from || !to || (fault !== null) !== isFaulty) continue
      context.moveTo(from.x, from.y)
      context.lineTo(to.x, to.y)
    }
    context.stroke()
  }
}

/** Returns the number of datagrams in flight. */
export function drawMoving(
  canvas: HTMLCanvasElement,
  picture: LargePicture,
  palette: Palette,
  datagrams: readonly TracedDatagram[],
  now: number,
): number {
  const context = prepareCanvas(canvas, picture.width, picture.layout.height)
  if (!context) return 0
  const flying = inFlight(datagrams, now, picture.longest)
  if (flying.length > MOST_DOTS) drawFlow(context, picture, palette, flying)
  drawNodes(context, picture, palette)
  if (flying.length <= MOST_DOTS) drawDots(context, picture, palette, flying, now)
  return flying.length
}

function inFlight(datagrams: readonly TracedDatagram[], now: number, longest: number): TracedDatagram[] {
  const flying: TracedDatagram[] = []
  const oldest = now - longest - 1_000
  for (let index = datagrams.length - 1; index >= 0; index -= 1) {
    const datagram = datagrams[index]
    if (!datagram || datagram.sentAt < oldest) break
    const ends = datagram.receivedAt ?? datagram.lostAt ?? datagram.arrivesAt
    if (datagram.sentAt <= now && now < ends) flying.push(datagram)
  }
  return flying
}

function drawNodes(context: CanvasRenderingContext2D, picture: LargePicture, palette: Palette) {
  const { layout, looks, selected } = picture
  const { radius, places } = layout
  /** Nodes of one look are one path. */
  const byLook = group(looks.keys(), (id) => looks[id] ?? 'empty')
  for (const [look, ids] of byLook) {
    context.beginPath()
    for (const id of ids) {
      const { x, y } = places[id] ?? { x: 0, y: 0 }
      context.moveTo(x + radius, y)
      context.arc(x, y, radius, 0, 2 * Math.PI)
    }
    const isHollow = look === 'down' || look === 'empty'
    context.fillStyle = isHollow ? palette.background : look
    context.fill()
    context.lineWidth = 1
    context.setLineDash(look === 'down' ? [2, 2] : [])
    context.strokeStyle = look === 'down' ? palette.quiet : isHollow ? palette.ink : look
    context.stroke()
  }
  context.setLineDash([])
  const chosen = selected === null ? undefined : places[selected]
  if (!chosen) return
  context.strokeStyle = palette.accent
  context.lineWidth = 3
  context.beginPath()
  context.arc(chosen.x, chosen.y, radius + 4, 0, 2 * Math.PI)
  context.stroke()
}

function drawDots(
  context: CanvasRenderingContext2D,
  picture: LargePicture,
  palette: Palette,
  flying: readonly TracedDatagram[],
  now: number,
) {
  const size = Math.max(2, Math.min(4, picture.layout.radius * 0.7))
  for (const [hue, some] of group(flying, picture.hueOf)) {
    context.fillStyle = hue ?? palette.quiet
    for (const datagram of some) {
      const [from, to] = endsOf(datagram, picture)
      if (!from || !to) continue
      const progress = picture.still ? 0.5 : progressAt(datagram, now)
      const [x, y] = [from.x + (to.x - from.x) * progress, from.y + (to.y - from.y) * progress]
      context.fillRect(x - size / 2, y - size / 2, size, size)
    }
  }
}

function drawFlow(
  context: CanvasRenderingContext2D,
  picture: LargePicture,
  palette: Palette,
  flying: readonly TracedDatagram[],
) {
  const byLink = group(flying, ({ from, to }) => `${from}>${to}`)
  const byBusyness = group(byLink.values(), (some) => Math.min(BUSY, some.length))
  context.strokeStyle = palette.accent
  context.lineWidth = 2
  for (const [busy, links] of byBusyness) {
    context.globalAlpha = 0.15 + (0.85 * busy) / BUSY
    context.beginPath()
    for (const [datagram] of links) {
      const [from, to] = datagram ? endsOf(datagram, picture) : []
      if (!from || !to) continue
      context.moveTo(from.x, from.y)
      context.lineTo(to.x, to.y)
    }
    context.stroke()
  }
  context.globalAlpha = 1
}

const endsOf = ({ from, to }: TracedDatagram, { layout, rootId }: LargePicture) => [
  layout.places[from - rootId],
  layout.places[to - rootId],
]

/** Returns the node that is nearest to a place, if it is near enough for a finger. */
export function nodeAt({ places }: StageLayout, x: number, y: number): number | null {
  let nearest: number | null = null
  let least = 16
  for (const [id, place] of places.entries()) {
    const distance = Math.hypot(place.x - x, place.y - y)
    if (distance < least) [least, nearest] = [distance, id]
  }
  return nearest
}
