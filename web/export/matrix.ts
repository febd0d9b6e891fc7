/** Draws the spread as part of a picture: a row per message, a column per node, as on the page but complete. */

import { hopsOf, writtenIn } from '../../shared/model/cell-words.ts'
import { type Cell, cellsOf, waitingAt } from '../../shared/model/cells.ts'
import { type Paint, paintOf } from '../../shared/model/colours.ts'
import type { LabState, MessageState } from '../../shared/model/lab-state.ts'
import { reachOf } from '../../shared/model/reach.ts'
import { formatCount, plural } from '../../shared/text/format.ts'
import type { Palette } from '../canvas/palette.ts'
import { shown } from '../model/shown.ts'
import { type Attributes, draw, fitted } from './draw.ts'

/** Maximum number of rows in a picture. */
const MOST_ROWS = 40
const ROW = 26
const LABEL = 160
const NARROWEST = 14
const WIDEST = 110
/** Width of a column with room for words, and the maximum width of a picture for them, in px. */
const WITH_WORDS = 60
const WIDER = 900
/** Wide enough for a number of two digits, in px. */
const NUMBER = 19

export interface Matrix {
  readonly element: SVGElement
  readonly left: number
  readonly right: number
  readonly height: number
}

interface Look {
  readonly palette: Palette
  /** Shares of a message's colour, by links, as in the style sheet. */
  readonly isDark: boolean
}

interface Columns {
  readonly x: readonly number[]
  readonly pitch: number
  /** Width of a cell. */
  readonly cell: number
  /** Left edge of the labels. */
  readonly left: number
}

/** In the columns of the stage if its nodes are in a row; otherwise in columns of the same total width. */
export function drawMatrix(lab: LabState, look: Look, stage: { row: readonly number[] | null; width: number }): Matrix {
  const { zoom } = look.palette
  const columns = columnsFor(lab.nodes.length, stage, zoom)
  const messages = lab.messages.slice(-MOST_ROWS)
  const older = lab.messages.length - messages.length
  const reach = reachOf(lab)
  const rows = messages.map((message, place) => {
    const cells = cellsOf(message, reach, waitingAt(message, lab.nodes))
    return rowOf(message, cells, paintOf(older + place), columns, look, ROW * zoom * (place + 1))
  })
  const note =
    older > 0
      ? `the newest ${formatCount(MOST_ROWS)} of ${plural(lab.messages.length, 'message')}`
      : messages.length === 0
        ? 'no messages yet'
        : ''
  const noteTop = ROW * zoom * (rows.length + 1)
  const element = draw('g', {}, headOf(columns, look), ...rows)
  if (note !== '')
    element.append(write(note, columns.left, noteTop + MIDDLE * zoom, look, { fill: look.palette.quiet }))
  return {
    element,
    left: columns.left,
    right: (columns.x.at(-1) ?? 0) + columns.cell / 2,
    height: noteTop + (note === '' ? 0 : ROW * zoom),
  }
}

const cellIn = (pitch: number, zoom: number) => Math.max(6, Math.min(104 * zoom, pitch - 6))

function columnsFor(
  n: number,
  { row, width }: { row: readonly number[] | null; width: number },
  zoom: number,
): Columns {
  const label = LABEL * zoom
  const [first = 0, second] = row ?? []
  if (row && second !== undefined) {
    const pitch = second - first
    const cell = cellIn(pitch, zoom)
    return { x: row, pitch, cell, left: first - cell / 2 - label }
  }
  const least = n * WITH_WORDS * zoom <= WIDER ? WITH_WORDS * zoom : NARROWEST
  const pitch = Math.max(least, Math.min(WIDEST * zoom, (width - label) / n))
  return {
    x: Array.from({ length: n }, (_, id) => label + pitch * (id + 0.5)),
    pitch,
    cell: cellIn(pitch, zoom),
    left: 0,
  }
}

/** Distance from the top of a row to the baseline of its words, in px. */
const MIDDLE = 17

function write(
  text: string,
  x: number,
  y: number,
  { palette: { sans, zoom, ink } }: Look,
  more: Attributes = {},
): SVGElement {
  const usual = { x, y, fill: ink, 'font-family': sans, 'font-size': 12 * zoom, 'font-weight': 500 }
  return draw('text', { ...usual, ...more }, text)
}

function headOf({ x, pitch, left }: Columns, look: Look): SVGElement {
  const { zoom, quiet } = look.palette
  const every = [1, 2, 4, 8].find((step) => step * pitch >= NUMBER * zoom) ?? 8
  const y = MIDDLE * zoom
  return draw(
    'g',
    {},
    write('node', left, y, look, { fill: quiet }),
    ...x.flatMap((at, id) =>
      id % every === 0 ? write(`${id}`, at, y, look, { fill: quiet, 'text-anchor': 'middle' }) : [],
    ),
  )
}

function rowOf(message: MessageState, cells: readonly Cell[], paint: Paint, columns: Columns, look: Look, top: number) {
  const { sans, zoom } = look.palette
  const room = LABEL * zoom - 28 * zoom
  const dot = draw('circle', { cx: columns.left + 6 * zoom, cy: 13 * zoom, r: 5 * zoom, ...dotLook(paint, zoom) })
  const text = fitted(shown(message.text), room, `500 ${13 * zoom}px ${sans}`)
  const label = write(text, columns.left + 18 * zoom, MIDDLE * zoom, look, { 'font-size': 13 * zoom })
  return draw(
    'g',
    { transform: `translate(0,${top})` },
    dot,
    label,
    ...cells.map((cell) => boxOf(cell, paint, columns, look)),
  )
}

const dotLook = ({ hue, pattern }: Paint, zoom: number): Attributes =>
  pattern === 'plain'
    ? { fill: hue }
    : { fill: 'none', stroke: hue, 'stroke-width': (pattern === 'hollow' ? 3 : 1.5) * zoom }

/** Returns the share of its message's colour for a copy that crossed so many links; as in the style sheet. */
const SHARES = { light: [0.46, 0.34, 0.25, 0.18], dark: [0.46, 0.39, 0.33, 0.28] }

function boxOf(cell: Cell, { hue, ink, pattern }: Paint, { x, pitch, cell: width }: Columns, look: Look): SVGElement {
  const { palette, isDark } = look
  const { zoom, lineStrong, warning, quiet } = palette
  const at = x[cell.node] ?? 0
  const box = { x: at - width / 2, y: 2 * zoom, width, height: (ROW - 4) * zoom, rx: 4 }
  const edge: Attributes = pattern === 'plain' ? {} : { stroke: hue, 'stroke-width': 2 }
  const share = SHARES[isDark ? 'dark' : 'light'][(hopsOf(cell) ?? 1) - 1] ?? 1
  const looks: Readonly<Record<ReturnType<typeof kindOf>, Attributes>> = {
    origin: { fill: hue, ...edge },
    held: { fill: hue, 'fill-opacity': share, ...edge },
    waits: { fill: 'none', stroke: hue, 'stroke-width': 2, 'stroke-dasharray': '5 3' },
    plain: { fill: 'none' },
    missing: { fill: 'none', stroke: lineStrong, 'stroke-dasharray': '4 3' },
  }
  const kind = kindOf(cell)
  const colour = kind === 'missing' ? warning : kind === 'plain' ? quiet : kind === 'origin' ? ink : palette.ink
  const words = write(writtenIn(cell, pitch), at, MIDDLE * zoom, look, { fill: colour, 'text-anchor': 'middle' })
  const strike = { x1: box.x + 8, x2: box.x + width - 8, y1: 13 * zoom, y2: 13 * zoom, stroke: lineStrong }
  return draw(
    'g',
    {},
    draw('rect', { ...box, ...looks[kind] }),
    cell.state === 'lost copy' ? draw('line', strike) : words,
  )
}

function kindOf({ state }: Cell) {
  if (state === 'origin' || state === 'held' || state === 'waits') return state
  return state === 'not yet' || state === 'not seen' || state === 'stranger' || state === 'uncertain'
    ? 'plain'
    : 'missing'
}
