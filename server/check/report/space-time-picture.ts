/** Draws the moments before a failure as SVG: a lane per node, time running down, a line per datagram. */
import { paintOfMessage } from '../../../shared/model/colours.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { livesOf } from '../../../shared/model/lanes.ts'
import { isLoss, lossInWords, lossPlace } from '../../../shared/model/losses.ts'
import { messageList, nodeName, portName } from '../../../shared/model/names.ts'
import type { Mark, TracedDatagram } from '../../../shared/model/trace.ts'
import { formatInstant, plural } from '../../../shared/text/format.ts'
import { type Columns, columnsFor, FONT_SIZE, fitted } from './columns.ts'
import type { Evidence } from './evidence.ts'
import { element, type Markup } from './markup.ts'
import { type TimeAxis, timeAxis } from './time-axis.ts'

const HEAD = 30
const FOOT = 14
/** Distance of two labels, in px. */
const LABEL = 13

interface Ground {
  readonly lab: LabState
  /** State that names messages. */
  readonly end: LabState
  readonly columns: Columns
  readonly axis: TimeAxis
}

export function spaceTimePicture(evidence: Evidence): Markup {
  const { lab, end, at, moments, marks } = evidence
  const columns = columnsFor(lab.nodes.length)
  const datagrams = moments.flatMap(({ datagram }) => datagram ?? [])
  const shownMarks = moments.flatMap(({ mark }) => mark ?? [])
  const times = [at, ...moments.map((moment) => moment.at), ...datagrams.map(endOf)]
  const axis = timeAxis(times, HEAD)
  const ground = { lab, end, columns, axis }
  const height = axis.height + FOOT
  return element(
    'svg',
    {
      class: lab.nodes.length > 4 ? 'picture wide' : 'picture',
      viewBox: `0 0 ${columns.width} ${round(height)}`,
      width: columns.width,
      height: round(height),
      role: 'img',
      'aria-label': `Space-time diagram: ${plural(datagrams.length, 'datagram')} around the failure at ${formatInstant(at)}`,
    },
    ...lab.nodes.map(({ id }) =>
      element(
        'text',
        { x: columns.x(id), y: 12, 'font-size': FONT_SIZE, class: 'quiet', 'text-anchor': 'middle' },
        `${id}`,
      ),
    ),
    element('text', { x: 0, y: 12, 'font-size': FONT_SIZE, class: 'quiet' }, 'node'),
    ...lab.nodes.flatMap(({ id }) => lanesOf(id, marks, ground, height)),
    ...labelsOf(at, ground),
    ...datagrams.map((datagram) => strokeOf(datagram, ground)),
    ...markLabels(shownMarks, ground),
  )
}

/** Heights need no more digits than a screen has. */
const round = (value: number): number => Math.round(value * 10) / 10

const endOf = ({ receivedAt, lostAt, arrivesAt }: TracedDatagram): number => receivedAt ?? lostAt ?? arrivesAt

function lanesOf(id: number, marks: readonly Mark[], { lab, columns, axis }: Ground, height: number): Markup[] {
  const node = lab.nodes[id]
  if (!node) return []
  const [first = 0, last = 0] = [axis.instants[0], axis.instants.at(-1)]
  return livesOf(node, marks)
    .filter(({ from, to }) => to > first && from < last)
    .map(({ from, to }) =>
      element('line', {
        class: 'lane',
        x1: columns.x(id),
        x2: columns.x(id),
        y1: from <= first ? HEAD - 10 : round(axis.y(from)),
        y2: to > last ? round(height) : round(axis.y(to)),
      }),
    )
}

/** Instants on the left, as far as they have room, and the line of the failure, which has its label in any case. */
function labelsOf(at: number, { columns, axis }: Ground): Markup[] {
  const failureY = axis.y(at)
  let lowest = Number.NEGATIVE_INFINITY
  let last = ''
  const labels = axis.instants.flatMap((instant) => {
    const y = axis.y(instant)
    const words = formatInstant(instant)
    if (words === last || y - lowest < LABEL || (y > failureY - 2 * LABEL && y < failureY + LABEL)) return []
    lowest = y
    last = words
    return leftLabel(words, y, 'quiet')
  })
  const line = element('line', { class: 'failure', x1: 0, x2: columns.width, y1: round(failureY), y2: round(failureY) })
  return [...labels, line, leftLabel(`${formatInstant(at)} failure`, failureY - 8, 'accent')]
}

const leftLabel = (text: string, y: number, look: string): Markup =>
  element('text', { x: 0, y: round(y + 4), 'font-size': FONT_SIZE, class: look }, text)

function strokeOf(datagram: TracedDatagram, { end: lab, columns, axis }: Ground): Markup {
  const { content, sentAt, lostWhy, lostAt, receivedAt } = datagram
  const rootId = lab.settings?.rootId ?? 0
  const [from, to] = [columns.x(datagram.from - rootId), columns.x(datagram.to - rootId)]
  const hue = content.kind === 'rumor' ? paintOfMessage(lab, content.origin, content.seq).hue : undefined
  const share = lostAt === null ? 1 : lossPlace(datagram)
  const [y1, y2] = [round(axis.y(sentAt)), round(axis.y(endOf(datagram)))]
  const end = { x: round(from + (to - from) * share), y: round(y1 + (y2 - y1) * share) }
  const isLost = lostAt !== null && lostWhy !== null && isLoss(lostWhy)
  const dash = content.kind === 'rumor' ? undefined : '3 3'
  return element(
    'g',
    hue === undefined ? { class: 'status' } : { stroke: hue, fill: hue },
    element('title', {}, datagramWords(datagram, lab)),
    element('line', { x1: round(from), y1, x2: end.x, y2: end.y, 'stroke-dasharray': dash }),
    isLost ? cross(end.x, end.y, 4) : null,
    receivedAt === null
      ? null
      : element('circle', { cx: end.x, cy: end.y, r: hue === undefined ? 2 : 3, stroke: 'none' }),
  )
}

const cross = (x: number, y: number, r: number): Markup =>
  element('path', { d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`, fill: 'none' })

function datagramWords(datagram: TracedDatagram, lab: LabState): string {
  const { content, from, to, sentAt, receivedAt, lostAt, lostWhy } = datagram
  const receiver = portName(to, lab)
  const what = content.kind === 'rumor' ? `rumor of ${messageList([content], lab)}` : content.kind
  const isOver = receivedAt !== null || lostAt !== null
  const end =
    receivedAt !== null
      ? `received at ${formatInstant(receivedAt)}`
      : isOver && lostWhy !== null
        ? lossInWords(lostWhy, receiver)
        : 'its end is unknown'
  return `${what} from ${portName(from, lab)} to ${receiver}, sent at ${formatInstant(sentAt)}, ${end}`
}

/** On the right of a lane, but for the last one: there the picture ends. */
const labelPlace = (x: number, { width, pitch }: Columns) =>
  x + pitch > width ? { x: x - 7, 'text-anchor': 'end' } : { x: x + 7 }

/** Marks have words as far as their lanes have room. */
function markLabels(marks: readonly Mark[], { columns, axis }: Ground): Markup[] {
  const lowest = new Map<number, number>()
  return marks.map((mark) => {
    const { node, kind, at, text } = mark
    const [x, y] = [columns.x(node), round(axis.y(at))]
    const hasRoom = y - (lowest.get(node) ?? Number.NEGATIVE_INFINITY) >= LABEL
    if (hasRoom) lowest.set(node, y)
    const look = kind === 'ended' ? 'warning' : kind === 'stored' ? 'ink' : 'quiet'
    const words = kind === 'stored' ? `“${text}”` : text
    return element(
      'g',
      { class: `mark ${look}` },
      element('title', {}, `${nodeName(node)} ${kind === 'stored' ? `stores ${words}` : text} at ${formatInstant(at)}`),
      kind === 'ended' ? cross(x, y, 5) : element('circle', { cx: x, cy: y, r: 2.5 }),
      hasRoom
        ? element(
            'text',
            { ...labelPlace(x, columns), y: y + 4, 'font-size': FONT_SIZE },
            fitted(words, columns.pitch - 8),
          )
        : null,
    )
  })
}
