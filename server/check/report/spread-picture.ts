/** Draws the spread as SVG: a row per message, a column per node, in each cell when the message came or why not. */
import { wordsOf, writtenIn } from '../../../shared/model/cell-words.ts'
import type { Cell } from '../../../shared/model/cells.ts'
import { type Paint, paintOf } from '../../../shared/model/colours.ts'
import type { MessageState } from '../../../shared/model/lab-state.ts'
import { nodeName } from '../../../shared/model/names.ts'
import { formatCount, formatMs, plural } from '../../../shared/text/format.ts'
import { type Columns, columnsFor, FONT_SIZE, fitted } from './columns.ts'
import type { Evidence } from './evidence.ts'
import { type Attributes, element, type Markup } from './markup.ts'
import { spreadRows } from './spread-cells.ts'

const MOST_ROWS = 12
const ROW = 22
/** Distance from the top of a row to the baseline of its words. */
const BASELINE = 15

/** Messages that did not reach all come first, then the newest. */
export function spreadPicture({ lab, events }: Pick<Evidence, 'lab' | 'events'>): Markup {
  const columns = columnsFor(lab.nodes.length)
  const all = spreadRows(lab, events)
  const missing = all.filter(({ cells }) => cells.some(({ state }) => state !== 'held' && state !== 'origin'))
  const others = all.filter((row) => !missing.includes(row))
  const chosen = [...missing.slice(-MOST_ROWS), ...others.slice(-MOST_ROWS)].slice(0, MOST_ROWS)
  const rows = chosen.sort((a, b) => a.place - b.place)
  const left = lab.messages.length - rows.length
  const note =
    lab.messages.length === 0
      ? 'no messages yet'
      : left > 0
        ? `${plural(left, 'further message')} of ${formatCount(lab.messages.length)}`
        : ''
  const height = ROW * (rows.length + 1) + (note === '' ? 0 : ROW)
  return element(
    'svg',
    {
      class: lab.nodes.length > 4 ? 'picture wide' : 'picture',
      viewBox: `0 0 ${columns.width} ${height}`,
      width: columns.width,
      height,
      role: 'img',
      'aria-label': `Spread of ${plural(rows.length, 'message')} over ${plural(lab.nodes.length, 'node')} at the failure`,
    },
    ...lab.nodes.map(({ id }) =>
      written(`${id}`, columns.x(id), BASELINE, { class: 'quiet', 'text-anchor': 'middle' }),
    ),
    written('node', 0, BASELINE, { class: 'quiet' }),
    ...rows.map(({ message, place, cells }, i) => rowOf(message, paintOf(place), cells, columns, ROW * (i + 1))),
    note === '' ? null : written(note, 0, ROW * (rows.length + 1) + BASELINE, { class: 'quiet' }),
  )
}

const written = (text: string, x: number, y: number, more: Attributes): Markup =>
  element('text', { x, y, 'font-size': FONT_SIZE, ...more }, text)

function rowOf(message: MessageState, paint: Paint, cells: readonly Cell[], columns: Columns, top: number): Markup {
  return element(
    'g',
    { transform: `translate(0,${top})` },
    element('title', {}, message.text),
    element('circle', { cx: 5, cy: ROW / 2, r: 4, ...dotLook(paint) }),
    written(fitted(message.text, columns.gutter - 18), 14, BASELINE, { class: 'ink' }),
    ...cells.map((cell) => boxOf(cell, message, paint, columns)),
  )
}

const dotLook = ({ hue, pattern }: Paint): Attributes =>
  pattern === 'plain' ? { fill: hue } : { fill: 'none', stroke: hue, 'stroke-width': 2 }

function boxOf(cell: Cell, { text }: MessageState, { hue, ink }: Paint, columns: Columns): Markup {
  const { state } = cell
  const [x, width] = [columns.x(cell.node), columns.pitch - 6]
  const box = { x: x - width / 2, y: 2, width, height: ROW - 4, rx: 3 }
  const isThere = state === 'origin' || state === 'held'
  const look: Attributes = isThere
    ? { fill: hue, ...(state === 'held' ? { 'fill-opacity': 0.3 } : {}) }
    : { class: state === 'not yet' || state === 'not seen' ? 'calm' : 'missing' }
  const words: Attributes = state === 'origin' ? { fill: ink } : { class: isThere ? 'ink' : 'warning' }
  return element(
    'g',
    {},
    element('title', {}, `“${text}” at ${nodeName(cell.node)}: ${titleOf(cell)}`),
    element('rect', { ...box, ...look }),
    state === 'lost copy'
      ? element('line', { x1: box.x + 6, x2: box.x + width - 6, y1: ROW / 2, y2: ROW / 2, class: 'strike' })
      : written(cellWords(cell, columns.pitch), x, BASELINE, { 'text-anchor': 'middle', ...words }),
  )
}

/** A node that could have the message and lacks it is the point of a failure: the page leaves its cell empty. */
const cellWords = (cell: Cell, pitch: number): string =>
  cell.state === 'not seen'
    ? 'not seen'
    : writtenIn(cell, pitch) || (cell.state === 'not yet' || cell.state === 'gone' ? cell.state : '')

/** The page reads chat logs all the time; a check does not. */
function titleOf(cell: Cell): string {
  if (cell.state === 'not seen') return 'neither a datagram nor a chat log shows it there'
  return cell.state === 'held' && cell.hops === null ? `after ${formatMs(cell.ms)}` : wordsOf(cell)
}
