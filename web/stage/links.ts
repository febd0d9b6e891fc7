/** Draws the links of the stage as SVG: a visible line, and a wider one for the pointer, with a name. */
import type { Selection as D3Selection } from 'd3'
import type { Place, StageLayout } from '../canvas/geometry.ts'
import { BELOW_MIDDLE, type Line, rimToRim } from '../canvas/rims.ts'
import { overlap, type Rect } from '../model/rect.ts'
import { moveFocus } from './nodes.ts'
import styles from './Stage.module.css'
import type { LinkView } from './view.ts'

type Layer = D3Selection<SVGGElement, unknown, null, undefined>

/** Beyond this number the labels would cover the links; the header shows the delay too. */
const MAX_LABELS = 24
const MIN_LABELLED_LENGTH = 84
/** Width of "600 ms", in px. */
const LABEL_WIDTH = 50
const LABEL_HEIGHT = 16
/** Distance of a label below its link, in px. */
const BESIDE = 26

export interface LinkLayers {
  readonly lines: Layer
  readonly targets: Layer
}

function segmentIn({ places, radius }: StageLayout, { a, b }: LinkView): Line {
  const [from, to] = [places[a], places[b]]
  return from && to ? rimToRim(from, to, radius) : { x1: 0, y1: 0, x2: 0, y2: 0 }
}

export function drawLinks(
  { lines, targets }: LinkLayers,
  views: readonly LinkView[],
  layout: StageLayout,
  chooseLink: (a: number, b: number) => void,
) {
  const key = ({ a, b }: LinkView) => `${a}-${b}`
  const segment = (link: LinkView) => segmentIn(layout, link)
  place(
    lines
      .selectAll<SVGLineElement, LinkView>('line')
      .data(views, key)
      .join('line')
      .attr('class', styles.link ?? '')
      .attr('data-broken', ({ broken }) => broken)
      .attr('data-fault', ({ fault }) => fault)
      .attr('data-selected', ({ selected }) => selected),
    segment,
  )
  const groups = targets
    .selectAll<SVGGElement, LinkView>('g')
    .data(views, key)
    .join((enter) => {
      const group = enter.append('g').attr('class', styles.linkTarget ?? '')
      group.append('line')
      group
        .attr('role', 'button')
        .on('click', (_, { a, b }) => chooseLink(a, b))
        .on('keydown', function (event: KeyboardEvent, { a, b }) {
          if (event.key === 'Enter' || event.key === ' ') chooseLink(a, b)
          else if (!moveFocus(this, event.key)) return
          event.preventDefault()
          event.stopPropagation()
        })
      return group
    })
    .attr('data-link', key)
    .attr('aria-label', ({ name }) => name)
    .attr('aria-pressed', ({ selected }) => selected)
    // One stop of the Tab key for all links; arrow keys go on from there.
    .attr('tabindex', (_, index) => (index === 0 ? 0 : -1))
  place(groups.select<SVGLineElement>('line'), segment)
  for (const layer of [lines, targets]) layer.attr('data-dense', views.length > MAX_LABELS)
}

function place(lines: D3Selection<SVGLineElement, LinkView, SVGGElement, unknown>, segment: (link: LinkView) => Line) {
  lines
    .attr('x1', (link) => segment(link).x1)
    .attr('y1', (link) => segment(link).y1)
    .attr('x2', (link) => segment(link).x2)
    .attr('y2', (link) => segment(link).y2)
}

const lengthOf = ({ x1, y1, x2, y2 }: Line) => Math.hypot(x2 - x1, y2 - y1)

/** Two labels would overlap. */
export function areCrowded(lines: readonly Line[]): boolean {
  const middles = lines.map(({ x1, y1, x2, y2 }) => ({ x: (x1 + x2) / 2, y: (y1 + y2) / 2 }))
  return middles.some(({ x, y }, place) =>
    middles
      .slice(place + 1)
      .some((other) => Math.abs(other.x - x) < LABEL_WIDTH && Math.abs(other.y - y) < LABEL_HEIGHT),
  )
}

/** Width of a letter of a label, in px. */
const LETTER = 7.3

/** Position of the label of a downward link: beside it and below its centre, in px. */
const ASIDE = 14

/** Position of a label: beside its link, and clear of both nodes. */
export function labelAt(
  { x1, y1, x2, y2 }: Line,
  words: string,
  { places, radius }: Pick<StageLayout, 'places' | 'radius'>,
): Place & { readonly anchor: 'middle' | 'end' | 'start' } {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2]
  const isGrid = places[0]?.side === 'corner'
  if (Math.abs(x2 - x1) < 1) {
    if (isGrid) return { x: x + 9, y: y - 2, anchor: 'start' }
    // At the edge of a phone there is no room on the left.
    const isLeft = x - ASIDE > words.length * LETTER
    return { x: isLeft ? x - ASIDE : x + ASIDE, y: y + BELOW_MIDDLE, anchor: isLeft ? 'end' : 'start' }
  }
  if (isGrid) return { x, y: y - 17, anchor: 'middle' }
  // Between two nodes there is more room further from where they are widest.
  const room = (below: number) => Math.abs(x2 - x1) + 2 * (radius - Math.sqrt(Math.max(0, radius ** 2 - below ** 2)))
  const below = room(BESIDE - LABEL_HEIGHT) > words.length * LETTER ? BESIDE : radius + 7
  return { x, y: y + Math.max(BESIDE, below), anchor: 'middle' }
}

type Label = ReturnType<typeof labelAt>

/**
 * Distances from the preferred position, nearest first: further off its link, further to a side, and on the other side
 * of it.
 */
const ELSEWHERE = [
  [0, 0],
  [0, 8],
  [0, 16],
  [0, 24],
  [0, 32],
  [-14, 0],
  [14, 0],
  [-28, 0],
  [28, 0],
  [0, -46],
  [0, -54],
  [0, -62],
] as const

/** Returns the nearest position at which a label covers none of these. */
export function freeLabel(label: Label, words: string, taken: readonly Rect[]): Label {
  const width = words.length * LETTER
  const isFree = ({ x, y, anchor }: Label) => {
    const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x
    const own = { left, right: left + width, top: y + 4 - LABEL_HEIGHT, bottom: y + 4 }
    return !taken.some((other) => overlap(own, other))
  }
  const spots = ELSEWHERE.map(([dx, dy]) => ({ ...label, x: label.x + dx, y: label.y + dy }))
  return spots.find(isFree) ?? label
}

/** Above the nodes: a long label must not end under them. `taken` are the queues at the gates. */
export function drawLabels(layer: Layer, views: readonly LinkView[], layout: StageLayout, taken: readonly Rect[]) {
  const all = views.map((view) => ({ ...view, ...segmentIn(layout, view) }))
  const labelled = all.filter((view) => view.fault !== null || lengthOf(view) >= MIN_LABELLED_LENGTH)
  // If links are many or cross, only faulty ones have labels.
  const onlyFaults = views.length > MAX_LABELS || areCrowded(labelled)
  const shown = onlyFaults ? all.filter(({ fault }) => fault !== null) : labelled
  layer
    .selectAll('text')
    .data(shown.map((view) => ({ ...view, at: freeLabel(labelAt(view, view.short, layout), view.short, taken) })))
    .join('text')
    .attr('class', styles.linkLabel ?? '')
    .attr('data-fault', ({ fault }) => fault)
    .attr('x', ({ at }) => at.x)
    .attr('y', ({ at }) => at.y)
    .style('text-anchor', ({ at }) => at.anchor)
    .text(({ short }) => short)
}
