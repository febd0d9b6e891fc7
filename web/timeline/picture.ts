/** Draws the past: a bar for the number of events in each stretch of it, marks above for landmarks. */
import { cross, line } from '../canvas/datagrams.ts'
import type { Palette } from '../canvas/palette.ts'
import type { Mark, Sign } from '../model/time/marks.ts'
import type { Past } from '../model/time/past.ts'

export interface PastPicture {
  /** The drawn stretch, and the part of it on screen, in ms of the lab. */
  readonly from: number
  readonly to: number
  readonly at: number
  /** In px. */
  readonly width: number
  readonly height: number
}

/** Width of a bar with its gap, and the inset of the slider's thumb at either end. In px. */
const PITCH = 4
const INSET = 8
const MARKS_HEIGHT = 12

/** Returns the position of an instant, in px. */
export const scaleOf =
  ({ from, to, width }: Pick<PastPicture, 'from' | 'to' | 'width'>) =>
  (at: number) =>
    INSET + ((at - from) / (to - from)) * (width - 2 * INSET)

export function drawPast(
  context: CanvasRenderingContext2D,
  picture: PastPicture,
  history: Past['history'],
  marks: readonly Mark[],
  palette: Palette,
) {
  const { at, width, height } = picture
  context.clearRect(0, 0, width, height)
  const x = scaleOf(picture)
  drawBars(context, picture, history, palette, x(at))
  drawMarks(context, marks, palette)
  context.strokeStyle = palette.accent
  context.lineWidth = 2
  line(context, { x: x(at), y: 2 }, { x: x(at), y: height - 1 })
}

function drawBars(
  context: CanvasRenderingContext2D,
  { from, to, width, height }: PastPicture,
  history: Past['history'],
  palette: Palette,
  shownX: number,
) {
  const count = Math.max(1, Math.floor((width - 2 * INSET) / PITCH))
  const upTo = Array.from({ length: count + 1 }, (_, place) => history.numberAt(from + ((to - from) * place) / count))
  const heights = upTo.slice(1).map((number, place) => Math.sqrt(number - (upTo[place] ?? number)))
  const most = Math.max(1, ...heights)
  const room = height - MARKS_HEIGHT - 3
  context.strokeStyle = palette.lineStrong
  context.lineWidth = 1
  line(context, { x: INSET, y: height - 1.5 }, { x: width - INSET, y: height - 1.5 })
  for (const [place, share] of heights.entries()) {
    if (share === 0) continue
    const left = INSET + place * PITCH
    context.fillStyle = left < shownX ? palette.quiet : palette.lineStrong
    const tall = Math.max(2, (share / most) * room)
    context.fillRect(left, height - 2 - tall, PITCH - 1, tall)
  }
}

function drawMarks(context: CanvasRenderingContext2D, marks: readonly Mark[], palette: Palette) {
  context.font = `600 ${11 * palette.zoom}px ${palette.sans}`
  context.textBaseline = 'middle'
  for (const { x, sign, count } of marks) {
    drawSign(context, sign, x, palette)
    if (count === 1) continue
    context.fillStyle = palette.ink
    context.fillText(count > 99 ? '99+' : `${count}`, x + 5, MARKS_HEIGHT / 2 + 1)
  }
}

function drawSign(context: CanvasRenderingContext2D, kind: Sign, x: number, palette: Palette) {
  const y = MARKS_HEIGHT / 2 + 1
  context.lineWidth = 2
  context.strokeStyle = kind === 'crash' ? palette.warning : palette.ink
  context.fillStyle = kind === 'agreement' ? palette.quiet : palette.ink
  if (kind === 'crash') cross(context, { x, y }, 3.5)
  else if (kind === 'mixed') context.strokeRect(x - 3, y - 3, 6, 6)
  else if (kind === 'agreement') context.fillRect(x - 2.5, y - 1, 5, 2)
  else {
    context.beginPath()
    if (kind === 'message') context.arc(x, y, 2.5, 0, 2 * Math.PI)
    else {
      context.moveTo(x - 3.5, y + 3)
      context.lineTo(x, y - 4)
      context.lineTo(x + 3.5, y + 3)
    }
    context.fill()
  }
}
