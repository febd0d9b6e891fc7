/** Computes the lines of the space-time diagram: pure geometry of time and columns. */
import { bisector } from 'd3'
import type { Paint } from '../../shared/model/colours.ts'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { isLoss, lossPlace } from '../../shared/model/losses.ts'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import type { Place } from '../canvas/geometry.ts'
import type { Columns } from '../model/columns.ts'
import { lossShownAt, progressAt } from '../model/flight.ts'
import type { Span } from '../model/time/span.ts'

export interface DiagramPicture {
  readonly columns: Columns
  readonly height: number
  /** Length of the visible past, in ms. */
  readonly windowMs: number
  readonly nodes: readonly NodeState[]
  readonly rootId: number
  /** Longest time in the air, in ms. */
  readonly longest: number
  readonly paintOf: (origin: number, seq: number) => Paint
  readonly selected: number | null
  /** The instant that another view points at, in ms of the lab. */
  readonly cursor: number | null
  /** The chosen span of the past. */
  readonly span: Span | null
  /** With reduced motion: time moves on in whole steps. */
  readonly still: boolean
  readonly theme: string
}

/** Position of `now`, as a share of the height: below it are datagrams that will arrive. */
const NOW_AT = 0.8

export interface Scale {
  readonly windowMs: number
  readonly now: number
  readonly nowY: number
  y(at: number): number
  /** Returns the instant at a height. */
  at(y: number): number
}

export function scaleOf({ height, windowMs }: Pick<DiagramPicture, 'height' | 'windowMs'>, now: number): Scale {
  const nowY = height * NOW_AT
  const perMs = nowY / windowMs
  return { windowMs, now, nowY, y: (at) => nowY - (now - at) * perMs, at: (y) => now - (nowY - y) / perMs }
}

export interface Stroke {
  readonly datagram: TracedDatagram
  readonly start: Place
  /** Its present position, or its end. */
  readonly end: Place
  /** Its destination, while it is in flight. */
  readonly aim: Place | null
  readonly lost: boolean
  /** It ended short of its receiver without a loss: the receiver was not up yet. */
  readonly calm: boolean
}

/** Maximum number of strokes: more of them merge into one block, and take too long to draw. */
export const MOST_STROKES = 2_500

export interface Strokes {
  /** Newest first. */
  readonly strokes: Stroke[]
  /** One in so many datagrams is drawn. */
  readonly every: number
}

/** The visible datagrams. */
export function strokesAt(datagrams: readonly TracedDatagram[], scale: Scale, picture: DiagramPicture): Strokes {
  const strokes: Stroke[] = []
  const oldest = scale.at(0) - picture.longest - 100
  const every = sampling(datagrams, oldest, scale.now)
  for (let index = datagrams.length - 1; index >= 0; index -= 1) {
    const datagram = datagrams[index]
    if (!datagram || datagram.sentAt < oldest) break
    if (!isDrawn(datagram, every) && datagram.id !== picture.selected) continue
    const stroke = datagram.sentAt > scale.now ? null : strokeOf(datagram, scale, picture)
    if (stroke) strokes.push(stroke)
  }
  return { strokes, every }
}

const sentAt = bisector((datagram: TracedDatagram) => datagram.sentAt)

/** Powers of two, so that a datagram drawn among many is also drawn among few, and nothing flickers. */
function sampling(datagrams: readonly TracedDatagram[], oldest: number, now: number): number {
  const count = sentAt.right(datagrams, now) - sentAt.left(datagrams, oldest)
  return 2 ** Math.max(0, Math.ceil(Math.log2(count / MOST_STROKES)))
}

/** The numbers of datagrams have patterns; their hashes have none. */
const isDrawn = ({ id }: TracedDatagram, every: number) => (Math.imul(id, 0x9e3779b1) >>> 8) % every === 0

function strokeOf(datagram: TracedDatagram, scale: Scale, { columns, rootId }: DiagramPicture): Stroke | null {
  const [from, to] = [columns.x[datagram.from - rootId], columns.x[datagram.to - rootId]]
  if (from === undefined || to === undefined) return null
  const { now } = scale
  const { sentAt, receivedAt, lostAt } = datagram
  const along = (progress: number, at: number): Place => ({ x: from + (to - from) * progress, y: scale.y(at) })
  const start = along(0, sentAt)
  if (receivedAt !== null && receivedAt <= now)
    return { datagram, start, end: along(1, receivedAt), aim: null, lost: false, calm: false }
  if (lostAt !== null && lossShownAt(datagram) <= now) {
    const place = lossPlace(datagram)
    const end = along(place, sentAt + (datagram.arrivesAt - sentAt) * place)
    const calm = datagram.lostWhy !== null && !isLoss(datagram.lostWhy)
    return { datagram, start, end, aim: null, lost: !calm, calm }
  }
  const aim = along(1, datagram.arrivesAt)
  return {
    datagram,
    start,
    end: along(progressAt(datagram, now), Math.min(now, datagram.arrivesAt)),
    aim,
    lost: false,
    calm: false,
  }
}
