/**
 * Draws the held datagrams as SVG: each beside its link at its sender's end, the oldest next to the gate, and each a
 * button with a name.
 */
import type { Selection as D3Selection } from 'd3'
import { formatCount } from '../../shared/text/format.ts'
import type { Place, StageLayout } from '../canvas/geometry.ts'
import { rimToRim } from '../canvas/rims.ts'
import { type Rect, rectAt } from '../model/rect.ts'
import { type GateView, inSight, type WaitingView } from './gate-view.ts'
import { moveFocus } from './nodes.ts'
import styles from './Stage.module.css'
import { gateRadius } from './words.ts'

type Layer = D3Selection<SVGGElement, unknown, null, undefined>

export interface GateHandlers {
  readonly chooseHeld: (number: number) => void
  /** A pointer is on one, or on none any more. */
  readonly lookAt: (number: number | null, x: number, y: number) => void
}

export interface GateLayers {
  readonly bars: Layer
  readonly waiting: Layer
}

interface Bar {
  readonly key: string
  /** Centre of the number. */
  readonly countAt: Place
  readonly transform: string
  readonly reach: number
  readonly count: string
  /** Keeps the number upright. */
  readonly upright: string
}

interface Spot extends WaitingView {
  readonly x: number
  readonly y: number
  readonly radius: number
}

export function drawGates(
  { bars, waiting }: GateLayers,
  views: readonly GateView[],
  layout: StageLayout,
  { chooseHeld, lookAt }: GateHandlers,
) {
  const rows = views.map((view) => rowOf(view, layout))
  const gates = bars
    .selectAll<SVGGElement, Bar>('g')
    .data(
      rows.map(({ bar }) => bar),
      ({ key }) => key,
    )
    .join((enter) => {
      const gate = enter.append('g').attr('class', styles.gate ?? '')
      gate.append('path')
      gate.append('text')
      return gate
    })
    .attr('transform', ({ transform }) => transform)
  gates.select('path').attr('d', ({ reach }) => `M0,0V${reach}`)
  gates
    .select('text')
    .attr('transform', ({ upright }) => upright)
    .text(({ count }) => count)

  waiting
    .selectAll<SVGGElement, Spot>('g')
    .data(
      rows.flatMap(({ spots }) => spots),
      ({ number }) => number,
    )
    .join((enter) => {
      const spot = enter
        .append('g')
        .attr('class', styles.waiting ?? '')
        .attr('role', 'button')
        .on('click', (_, { number }) => chooseHeld(number))
        .on('pointerenter focus', (_, { number, x, y }) => lookAt(number, x, y))
        .on('pointerleave blur', () => lookAt(null, 0, 0))
        .on('keydown', function (event: KeyboardEvent, { number }) {
          if (event.key === 'Enter' || event.key === ' ') chooseHeld(number)
          else if (!moveFocus(this, event.key)) return
          event.preventDefault()
          event.stopPropagation()
        })
      spot.append('circle').attr('class', styles.target ?? '')
      spot.append('path').attr('class', styles.shape ?? '')
      return spot
    })
    .order()
    .attr('data-held', ({ number }) => number)
    .attr('data-fresh', ({ fresh }) => fresh)
    .attr('aria-label', ({ name }) => name)
    .attr('aria-pressed', ({ selected }) => selected)
    // One stop of the Tab key for all held datagrams; arrow keys go on from there.
    .attr('tabindex', (_, index) => (index === 0 ? 0 : -1))
    .attr('transform', ({ x, y }) => `translate(${x},${y})`)
    .each(function ({ radius, kind, hue, pattern }) {
      const group = this as SVGGElement
      group.querySelector('circle')?.setAttribute('r', `${Math.max(11, radius + 4)}`)
      const shape = group.querySelector('path')
      shape?.setAttribute('d', SHAPES[kind](radius))
      shape?.style.setProperty('stroke', hue)
      shape?.style.setProperty('fill', hue !== null && pattern !== 'plain' ? 'none' : hue)
    })
}

function rowOf({ from, to, waiting, count }: GateView, layout: StageLayout): { bar: Bar; spots: Spot[] } {
  const [start, end] = [layout.places[from], layout.places[to]]
  const radius = gateRadius(layout.radius)
  const { x1, y1, x2, y2 } = start && end ? rimToRim(start, end, layout.radius) : { x1: 0, y1: 0, x2: 0, y2: 0 }
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length]
  const step = 2 * radius + 3
  const room = Math.max(1, Math.floor((length - 4) / step))
  const shown = inSight(waiting, room)
  // To the right of their path, like datagrams in flight; those of the other direction are on the other side.
  const aside = radius + 4
  const at = (along: number) => ({ x: x1 + ux * along - uy * aside, y: y1 + uy * along + ux * aside })
  const gateAt = Math.min(length, Math.max(1, shown.length) * step + 1)
  const spots = shown.map((view, place) => ({ ...view, radius, ...at(gateAt - step * (place + 0.5) - 1) }))
  const angle = (Math.atan2(uy, ux) * 180) / Math.PI
  const gate = { x: x1 + ux * gateAt, y: y1 + uy * gateAt }
  const [inward, outward] = [-step / 2, 2 * aside + 9]
  const bar = {
    key: `${from}>${to}`,
    transform: `translate(${gate.x},${gate.y}) rotate(${angle})`,
    reach: 2 * aside,
    count: count > shown.length ? `${formatCount(count)} held` : '',
    countAt: { x: gate.x + ux * inward - uy * outward, y: gate.y + uy * inward + ux * outward },
    upright: `translate(${inward},${outward}) rotate(${-angle})`,
  }
  return { bar, spots }
}

/** Half the width of "12 held", in px. */
const COUNT = { width: 26, height: 9 }

/** Returns the area of the stage that the queues at the gates take. */
export function gateRects(views: readonly GateView[], layout: StageLayout): Rect[] {
  return views.flatMap((view) => {
    const { bar, spots } = rowOf(view, layout)
    const count = bar.count === '' ? [] : [rectAt(bar.countAt, COUNT.width, COUNT.height)]
    return [...spots.map((spot) => rectAt(spot, spot.radius + 1)), ...count]
  })
}

const square = (radius: number) =>
  `M${-0.8 * radius},${-0.8 * radius}h${1.6 * radius}v${1.6 * radius}h${-1.6 * radius}Z`
const diamond = (radius: number) => `M0,${-radius}L${radius},0L0,${radius}L${-radius},0Z`
const disc = (radius: number) =>
  `M${-radius},0a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0Z`

/** As in flight. */
const SHAPES = { rumor: disc, status: diamond, malformed: diamond, undecoded: square } as const
