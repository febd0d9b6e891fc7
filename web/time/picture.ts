/** Draws the past: a bar for how much happened in each stretch of it, marks above for what stands out. */
import { cross, line } from '../stage/datagrams.ts'
import type { Palette } from '../stage/palette.ts'
import type { Landmark, LandmarkKind } from './landmarks.ts'
import type { Past } from './past.ts'
import { countWhile } from './search.ts'

export interface PastPicture {
  /** The stretch that is drawn, and what is shown of it, in ms of the lab. */
  readonly from: number
  readonly to: number
  readonly at: number
  /** In px. */
  readonly width: number
  readonly height: number
}

/** Width of a bar with its gap, and of the thumb's way that is not on the track at either end. In px. */
const PITCH = 4
const INSET = 8
/** Marks nearer to each other than this are one, in px. */
const APART = 7
const MARKS_HEIGHT = 12

export function drawPast(
  context: CanvasRenderingContext2D,
  picture: PastPicture,
  history: Past['history'],
  landmarks: readonly Landmark[],
  palette: Palette,
) {
  const { from, to, at, width, height } = picture
  context.clearRect(0, 0, width, height)
  const x = (time: number) => INSET + ((time - from) / (to - from)) * (width - 2 * INSET)
  drawBars(context, picture, history, palette, x(at))
  drawLandmarks(context, landmarks, x, palette)
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

/** What stands out most is drawn last. */
const SIGNS: readonly LandmarkKind[] = ['message', 'agreement', 'start', 'crash']

function drawLandmarks(
  context: CanvasRenderingContext2D,
  landmarks: readonly Landmark[],
  x: (at: number) => number,
  palette: Palette,
) {
  for (const kind of SIGNS) {
    let before = Number.NEGATIVE_INFINITY
    // As many as there is room for, however many there are: each is found from the one before.
    const wanted = landmarks.filter((landmark) => landmark.kind === kind)
    for (let place = 0; place < wanted.length; place += 1) {
      const landmark = wanted[place]
      if (!landmark) break
      const at = x(landmark.at)
      if (at - before < APART) {
        place = Math.max(place, countWhile(wanted, (other) => x(other.at) - before < APART) - 1)
        continue
      }
      before = at
      drawSign(context, kind, at, palette)
    }
  }
}

function drawSign(context: CanvasRenderingContext2D, kind: LandmarkKind, x: number, palette: Palette) {
  const y = MARKS_HEIGHT / 2 + 1
  context.lineWidth = 2
  context.strokeStyle = kind === 'crash' ? palette.warning : palette.ink
  context.fillStyle = kind === 'agreement' ? palette.quiet : palette.ink
  if (kind === 'crash') cross(context, { x, y }, 3.5)
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
