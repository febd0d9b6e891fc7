/**
 * The stage: SVG for nodes and links, which can be focused and have names; one canvas for the datagrams, which are many
 * and short-lived. It is independent of React and the store.
 */
import { select } from 'd3'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import { drawSpots, type Ground, type Spot, spotsAt } from '../canvas/datagrams.ts'
import { LABEL_HEIGHT, type StageLayout } from '../canvas/geometry.ts'
import { prepareCanvas, readPalette } from '../canvas/palette.ts'
import { createTip } from '../canvas/tip.ts'
import type { Glow } from '../model/flight.ts'
import type { Rect } from '../model/rect.ts'
import type { GateView } from './gate-view.ts'
import { drawGates, gateRects } from './gates.ts'
import { drawLabels, drawLinks } from './links.ts'
import { drawNodes, type NodeHandlers } from './nodes.ts'
import { spotUnder } from './pointing.ts'
import styles from './Stage.module.css'
import type { LinkView, NodeView } from './view.ts'

export interface StagePicture extends Ground {
  readonly width: number
  readonly layout: StageLayout
  readonly nodes: readonly NodeView[]
  readonly links: readonly LinkView[]
  readonly gates: readonly GateView[]
  /** The selected datagram. */
  readonly datagram: number | null
  /** Longest time in the air, in ms. */
  readonly longest: number
  readonly theme: string
}

export interface StageHandlers extends NodeHandlers {
  readonly chooseLink: (a: number, b: number) => void
  readonly chooseDatagram: (id: number) => void
  readonly chooseHeld: (number: number) => void
  /** Returns the tooltip of a datagram: a title, and lines. */
  readonly describe: (datagram: TracedDatagram) => readonly string[]
  /** The same for a held one: the effect of its delivery. */
  readonly describeHeld: (number: number) => readonly string[]
}

export interface StageScene {
  /** Draws nodes and links, when anything but the time has changed. */
  update(picture: StagePicture): void
  /** Draws datagrams as of `now`, in ms of the lab. */
  draw(now: number, datagrams: readonly TracedDatagram[], glow: Glow): void
  /** Draws the last drawn datagrams on another canvas, in so many pixels a px. */
  paint(canvas: HTMLCanvasElement, ratio: number): void
  destroy(): void
}

export function createScene(element: HTMLElement, handlers: StageHandlers): StageScene {
  const svg = select(element)
    .append('svg')
    .attr('class', styles.svg ?? '')
    .attr('role', 'group')
    .attr('aria-label', 'Network')
  const lines = svg.append('g').attr('aria-hidden', true)
  // Beneath the nodes: on a low stage a link passes behind nodes, and a click there means the node.
  const targets = svg.append('g').attr('role', 'group').attr('aria-label', 'Links')
  const nodes = svg.append('g').attr('role', 'group').attr('aria-label', 'Nodes')
  const labels = svg.append('g').attr('aria-hidden', true)
  const bars = svg.append('g').attr('aria-hidden', true)
  const waiting = svg.append('g').attr('role', 'group').attr('aria-label', 'Held datagrams')
  const canvas = select(element)
    .append('canvas')
    .attr('class', styles.canvas ?? '')
    .attr('aria-hidden', true)
  const tip = createTip(element)
  let picture: StagePicture | null = null
  let palette = readPalette(element)
  let spots: Spot[] = []
  let blank = true
  let pointer: { x: number; y: number } | null = null
  /** The held datagram under the pointer. */
  let held: { number: number; x: number; y: number } | null = null
  const lookAt = (number: number | null, x: number, y: number) => {
    held = number === null ? null : { number, x, y }
  }

  const pointedAt = () => (pointer && picture ? spotUnder(pointer, spots, picture.layout) : undefined)

  function showTip() {
    const pointed = pointedAt()
    const spot = pointed ?? spots.find(({ datagram }) => datagram.id === picture?.datagram)
    const cursor = pointed ? 'pointer' : ''
    if (element.style.cursor !== cursor) element.style.cursor = cursor
    const words = held ? handlers.describeHeld(held.number) : []
    if (held && words.length > 0) tip.show(held, words, clearOfHeld(held.number))
    else if (spot && picture) {
      const { layout, rootId } = picture
      tip.show(
        spot.at,
        handlers.describe(spot.datagram),
        clearOf(spot.datagram.from - rootId, spot.datagram.to - rootId, layout),
      )
    } else tip.hide()
  }
  function clearOfHeld(number: number): Rect[] {
    const gate = picture?.gates.find(({ waiting }) => waiting.some((one) => one.number === number))
    return gate && picture ? clearOf(gate.from, gate.to, picture.layout) : []
  }

  function paint(surface: HTMLCanvasElement, ratio?: number) {
    if (!picture) return
    const { width, layout, datagram } = picture
    const context = prepareCanvas(surface, width, layout.height, ratio)
    const size = Math.max(3.5 * layout.scale, Math.min(7 * layout.scale, layout.radius * 0.18))
    if (context) drawSpots(context, spots, palette, size, datagram)
  }
  const toPointer = (event: PointerEvent | MouseEvent) => {
    const { left, top } = element.getBoundingClientRect()
    pointer = { x: event.clientX - left, y: event.clientY - top }
  }
  select(element)
    .on('pointermove', toPointer)
    .on('pointerleave', () => {
      pointer = null
    })
  // Must handle the click before the link below it.
  element.addEventListener('click', onClick, true)
  function onClick(event: MouseEvent) {
    toPointer(event)
    const spot = pointedAt()
    if (!spot) return
    event.stopPropagation()
    handlers.chooseDatagram(spot.datagram.id)
  }

  return {
    update(next) {
      if (picture?.theme !== next.theme) palette = readPalette(element)
      const sameLayout = picture?.width === next.width && picture.layout === next.layout
      const sameLinks = sameLayout && picture?.links === next.links
      const sameGates = sameLayout && picture?.gates === next.gates
      picture = next
      blank = false
      if (!sameLayout) {
        // Writes only changes: setting an equal size, too, makes the browser lay out every text of the stage.
        svg.attr('width', next.width).attr('height', next.layout.height)
        canvas.style('width', `${next.width}px`).style('height', `${next.layout.height}px`)
      }
      if (!sameLinks) drawLinks({ lines, targets }, next.links, next.layout, handlers.chooseLink)
      if (!sameLinks || !sameGates) drawLabels(labels, next.links, next.layout, gateRects(next.gates, next.layout))
      if (!sameGates) drawGates({ bars, waiting }, next.gates, next.layout, { ...handlers, lookAt })
      drawNodes(nodes, next.nodes, next.layout, next.width, handlers)
    },
    draw(now, datagrams, glow) {
      const surface = canvas.node()
      if (!picture || !surface) return
      spots = spotsAt(datagrams, now, picture.longest, picture, glow)
      if (spots.length > 0 || !blank) {
        paint(surface)
        blank = spots.length === 0
      }
      showTip()
    },
    paint,
    destroy() {
      element.removeEventListener('click', onClick, true)
      select(element).on('pointermove', null).on('pointerleave', null)
      element.replaceChildren()
    },
  }
}

/** Sender and receiver with their words, because the tooltip refers to them. */
function clearOf(from: number, to: number, { places, radius, detail, scale }: StageLayout): Rect[] {
  const words = LABEL_HEIGHT[detail] * scale
  return [from, to].flatMap((id) => {
    const place = places[id]
    if (!place) return []
    const { x, y, side } = place
    return {
      left: x - radius,
      right: x + radius,
      top: y - radius - (side === 'above' ? words : 0),
      bottom: y + radius + (side.startsWith('below') ? words : 0),
    }
  })
}
