/** Draws the nodes of the stage as SVG: each a button with a name, its state by shape as well as by colour. */

import { type Selection as D3Selection, select } from 'd3'
import { nodeName } from '../../shared/model/names.ts'
import { runs } from '../../shared/model/reach.ts'
import type { StageLayout } from '../canvas/geometry.ts'
import { ringArc } from './ring-arc.ts'
import styles from './Stage.module.css'
import type { NodeView, Segment } from './view.ts'
import { shiftOntoStage, sideOfEnded, wordSize, wordsAt } from './words.ts'

type Group = D3Selection<SVGGElement, NodeView, SVGGElement, unknown>

export interface NodeHandlers {
  readonly chooseNode: (id: number) => void
  /** Enter or Space was pressed on it. */
  readonly writeToNode: (id: number) => void
}

export function drawNodes(
  layer: D3Selection<SVGGElement, unknown, null, undefined>,
  views: readonly NodeView[],
  layout: StageLayout,
  width: number,
  handlers: NodeHandlers,
) {
  const nodes = layer
    .selectAll<SVGGElement, NodeView>('g[data-node]')
    .data(views, ({ id }) => id)
    .join((enter) => build(enter.append('g'), handlers))
  nodes.each(function (view) {
    const key = keyOf(view, layout)
    if (this.dataset.key === key) return
    this.dataset.key = key
    drawNode(select<SVGElement, unknown>(this), view, layout, width)
  })
}

/** All inputs of a drawing: every status received changes the state, few of them change a picture. */
function keyOf(
  { id, name, ports, mischief, share, segments, selected, changed }: NodeView,
  layout: StageLayout,
): string {
  const { radius, detail, scale, places } = layout
  const { x, y, side } = places[id] ?? {}
  const held = segments.map(({ held, waits }) => (held ? 1 : waits ? 2 : 0)).join('')
  return [name, ports, mischief, share, held, selected, changed, x, y, side, radius, detail, scale].join('|')
}

function build(groups: Group, { chooseNode, writeToNode }: NodeHandlers): Group {
  groups
    .attr('class', styles.node ?? '')
    .attr('role', 'button')
    .attr('tabindex', 0)
    .attr('data-node', ({ id }) => id)
    .on('click', (_, { id }) => chooseNode(id))
    .on('keydown', function (event: KeyboardEvent, { id }) {
      if (event.key === 'Enter' || event.key === ' ') writeToNode(id)
      else if (!moveFocus(this, event.key)) return
      event.preventDefault()
      event.stopPropagation()
    })
  for (const name of ['halo', 'focus', 'body']) groups.append('circle').attr('class', styles[name] ?? '')
  groups.append('g').attr('class', styles.ring ?? '')
  groups.append('path').attr('class', styles.sign ?? '')
  for (const name of ['word', 'id', 'count', 'detail']) groups.append('text').attr('class', styles[name] ?? '')
  return groups
}

/** Arrow keys go from node to node and from link to link. */
export function moveFocus(from: SVGGElement, key: string): boolean {
  const forward = key === 'ArrowRight' || key === 'ArrowDown'
  if (!forward && key !== 'ArrowLeft' && key !== 'ArrowUp') return false
  const next = forward ? from.nextElementSibling : from.previousElementSibling
  if (next instanceof SVGElement) next.focus()
  return true
}

type Part = D3Selection<SVGElement, unknown, null, undefined>

/**
 * Sets an attribute only if it changed: setting an equal value, too, makes the browser lay out every text of the stage.
 */
function set(part: Part, attributes: Readonly<Record<string, string | number | boolean | null>>) {
  for (const [name, value] of Object.entries(attributes))
    if (part.attr(name) !== (value === null ? null : `${value}`)) part.attr(name, value)
}

function write(part: Part, words: string | number) {
  if (part.text() !== `${words}`) part.text(words)
}

function drawNode(group: Part, view: NodeView, layout: StageLayout, width: number) {
  const { radius, places } = layout
  const { x, y } = places[view.id] ?? { x: 0, y: 0 }
  set(group, {
    'data-status': view.status,
    'data-answers': view.answers,
    'data-stranger': view.stranger,
    'data-ending': view.ending,
    'aria-label': view.name,
    'aria-pressed': view.selected,
    'data-pulse': pulseOf(group, view),
    'data-changed': view.changed !== null,
    'data-changed-at': view.changed,
    'data-mischief': view.mischief !== '',
    transform: `translate(${x},${y})`,
  })
  const inner = radius * 0.79
  const isUp = runs(view)
  const part = (name: string) => group.select<SVGElement>(`.${styles[name]}`)
  set(part('halo'), { r: radius + 8 })
  set(part('focus'), { r: radius + 5 })
  set(part('body'), { r: inner })
  drawRing(part('ring'), view, radius, isUp)
  set(part('sign'), { d: isUp || view.stranger ? null : signOf(view, radius * 0.28) })
  const belowWord = numberSize(layout)
  const shown = isUp || view.status === 'absent'
  const isNamed = shown && !view.stranger && hasRoomForWord(radius, belowWord)
  const size = isNamed ? belowWord : Math.max(belowWord, Math.min(radius * 0.75, 30))
  set(part('word'), { 'font-size': Math.max(12, Math.min(radius * 0.3, 18)), y: -radius * WORD_ABOVE })
  write(part('word'), isNamed ? 'node' : '')
  set(part('id'), { 'font-size': size, y: isNamed ? radius * NUMBER_BELOW : size * 0.36 })
  write(part('id'), view.stranger ? '?' : shown ? view.id : '')
  drawWords(part('count'), part('detail'), view, layout, { isUp, width })
}

/** Baselines of the word and of the number below it, from the centre of their node, in radii. */
const WORD_ABOVE = 0.13
const NUMBER_BELOW = 0.46
/** Height of a digit, in font sizes. */
const DIGIT = 0.73
/** Gap between the word and its number, in px. */
const LEAST_GAP = 4

/** From afar a lone number is more legible than one that touches a word. */
const hasRoomForWord = (radius: number, size: number) =>
  radius * (WORD_ABOVE + NUMBER_BELOW) - size * DIGIT >= LEAST_GAP

/** Returns the font size of a node's number, in px: small nodes have it as large as two digits fit. */
const numberSize = ({ radius, scale }: StageLayout) =>
  Math.max(12, Math.min(12 * scale, radius * 1.05), Math.min(radius * 0.62, 48))

/** A change by another step restarts the animation; without a change there is none. */
function pulseOf(group: Part, { changed }: NodeView): string | null {
  const before = group.attr('data-pulse')
  if (changed === null) return null
  return group.attr('data-changed-at') === `${changed}` ? before : before === 'odd' ? 'even' : 'odd'
}

interface Around {
  readonly isUp: boolean
  /** Size of the stage, in px. */
  readonly width: number
}

function drawWords(count: Part, detail: Part, view: NodeView, layout: StageLayout, { isUp, width }: Around) {
  const { radius, scale, places } = layout
  const size = wordSize(radius, scale)
  const side = places[view.id]?.side ?? 'below'
  const text = countText(view, layout, isUp)
  const { x, y, anchor } = wordsAt(isUp ? side : sideOfEnded(text, view.id, layout), radius, size)
  const shift = shiftOntoStage(text, { x: (places[view.id]?.x ?? 0) + x, anchor }, size, width)
  set(count, { x: x + shift, y, 'font-size': size, 'text-anchor': anchor })
  write(count, text)
  set(detail, { x, y: y + size * 1.43, 'font-size': Math.max(12 * scale, size * 0.8), 'text-anchor': anchor })
  write(detail, layout.detail === 'full' ? view.mischief || view.waiting || view.ports || view.detail : '')
}

/** A ghost has a sign in place of its number, so the number is beside it. */
function countText(
  { id, count, status, mischief, stranger }: NodeView,
  { detail }: StageLayout,
  isUp: boolean,
): string {
  if (detail === 'count' && mischief !== '') return mischief
  const wearsId = !stranger && (isUp || status === 'absent')
  if (detail === 'none') return wearsId ? '' : `${id}`
  return wearsId ? count : `${nodeName(id)} ${count}`
}

/** A crashed node has a cross, a stopped one a square; a stranger on its port is a question mark instead. */
function signOf({ status }: NodeView, size: number): string | null {
  if (status === 'absent') return null
  const half = size * 0.8
  if (status === 'stopped') return `M${-half},${-half}h${2 * half}v${2 * half}h${-2 * half}z`
  return `M${-size},${-size}L${size},${size}M${size},${-size}L${-size},${size}`
}

interface Piece {
  readonly d: string
  readonly hue: string | null
  readonly held: boolean
  readonly waits: boolean
}

function drawRing(ring: Part, view: NodeView, radius: number, isUp: boolean) {
  const pieces = isUp ? piecesOf(view, radius) : []
  ring
    .selectAll<SVGPathElement, Piece>('path')
    .data(pieces)
    .join('path')
    .style('fill', ({ hue, held }) => (held ? hue : null))
    .style('stroke', ({ hue, waits }) => (waits ? hue : null))
    .each(function ({ d, held, waits }) {
      set(select<SVGElement, unknown>(this), { d, 'data-held': held, 'data-waits': waits })
    })
}

function piecesOf({ segments, share }: NodeView, outer: number): Piece[] {
  const inner = outer * 0.84
  const whole = 2 * Math.PI
  const path = (from: number, to: number, low = inner, high = outer) => ringArc({ from, to, inner: low, outer: high })
  if (segments.length === 0) {
    const empty = { d: path(0, whole), hue: null, held: false, waits: false }
    return share === 0 ? [empty] : [empty, { d: path(0, whole * share), hue: 'var(--ink-2)', held: true, waits: false }]
  }
  const step = whole / segments.length
  const gap = segments.length === 1 ? 0 : Math.min(0.045, step * 0.2)
  return segments.map((segment, index) => {
    const [low, high] = thickness(segment, inner, outer)
    return { d: path(index * step + gap / 2, (index + 1) * step - gap / 2, low, high), ...segment }
  })
}

/** Repeated colours differ in the thickness and place of their segment. */
function thickness({ pattern }: Segment, inner: number, outer: number): [number, number] {
  const half = (inner + outer) / 2
  if (pattern === 'hollow') return [half, outer]
  return pattern === 'striped' ? [inner, half] : [inner, outer]
}
