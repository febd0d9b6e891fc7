/**
 * Draws a picture to show or print: a title, the network and the time, the stage, and the spread below it on request.
 */

import type { LabState } from '../../shared/model/lab-state.ts'
import { formatDate, formatInstant } from '../../shared/text/format.ts'
import { type Palette, readPalette } from '../canvas/palette.ts'
import { changedWords, conditions, networkName } from '../model/network-words.ts'
import { shown } from '../model/shown.ts'
import { InWords } from '../model/trouble.ts'
import type { Page } from '../ui/page.ts'
import { draw, fitted, widthOf } from './draw.ts'
import { frameParts, linesOf, PAD } from './frame.ts'
import { drawMatrix } from './matrix.ts'
import { stageDrawing } from './stage-drawing.ts'

export interface PictureOptions {
  readonly title: string
  /** Whether the spread is below the stage. */
  readonly matrix: boolean
}

/** The subject of a picture. */
export interface Pictured extends Pick<Page, 'easel'> {
  readonly lab: LabState
  /** The instant on screen, in ms of the lab, and when the lab began, in ms since 1970; null if unknown. */
  readonly at: number
  readonly beganAt: number | null
}

/** A PNG is larger than on screen, because it may be printed. */
const SCALE = 2

export async function pictureAsSvg(pictured: Pictured, options: PictureOptions): Promise<Blob> {
  const { text } = await compose(pictured, options)
  return new Blob([text], { type: 'image/svg+xml' })
}

export async function pictureAsPng(pictured: Pictured, options: PictureOptions): Promise<Blob> {
  const { text, width, height } = await compose(pictured, options)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * SCALE
  canvas.height = height * SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new InWords('The stage is too large for a PNG. Save it as SVG.'))),
      'image/png',
    )
  })
}

async function compose(pictured: Pictured, { title, matrix }: PictureOptions) {
  const { stage, svg, box, row } = await stageDrawing(pictured)
  const palette = readPalette(stage)
  const isDark = document.documentElement.dataset.theme === 'dark'
  const spread = matrix ? drawMatrix(pictured.lab, { palette, isDark }, { row, width: box.right - box.left }) : null
  const stagePart = {
    left: row ? box.left : 0,
    right: row ? box.right : box.right - box.left,
    height: box.bottom - box.top,
  }
  const most = Math.max(stagePart.right, spread?.right ?? 0) - Math.min(stagePart.left, spread?.left ?? 0)
  const words = wordsOf(title, captionOf(pictured), Math.max(LEAST_LINE, most), palette)
  const { width, height, shift, stageTop, matrixTop } = frameParts({ words, stage: stagePart, matrix: spread })
  const [wide, high] = [box.right - box.left, box.bottom - box.top]
  for (const [name, value] of Object.entries({ x: stagePart.left + shift, y: stageTop, width: wide, height: high }))
    svg.setAttribute(name, `${value}`)
  svg.setAttribute('viewBox', `${box.left} ${box.top} ${wide} ${high}`)
  const ground = { width, height, fill: getComputedStyle(document.body).backgroundColor }
  const picture = draw(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}` },
    draw('rect', ground),
    words.element,
    svg,
  )
  if (spread) picture.append(draw('g', { transform: `translate(${shift},${matrixTop})` }, spread.element))
  return { text: new XMLSerializer().serializeToString(picture), width, height }
}

/** Minimum line width of a caption, in px. */
const LEAST_LINE = 320
const TITLE = 20
const CAPTION = 13
const LINE = 20

/** The title in one line, and the caption in as few as fit. */
function wordsOf(title: string, caption: readonly string[], most: number, { sans, zoom, ink, quiet }: Palette) {
  const fonts = { title: `600 ${TITLE * zoom}px ${sans}`, caption: `400 ${CAPTION * zoom}px ${sans}` }
  // A control character would make the XML invalid.
  const head = title.trim() === '' ? '' : fitted(shown(title.trim()), Math.max(most, LEAST_LINE * zoom), fonts.title)
  const lines = linesOf(caption, most, (line) => widthOf(line, fonts.caption))
  const headHeight = head === '' ? 0 : 28 * zoom
  const captioned = lines.map((line, place) =>
    draw(
      'text',
      {
        x: PAD,
        y: PAD + headHeight + (place * LINE + 14) * zoom,
        fill: quiet,
        'font-family': sans,
        'font-size': CAPTION * zoom,
      },
      line,
    ),
  )
  const titled = draw(
    'text',
    { x: PAD, y: PAD + 20 * zoom, fill: ink, 'font-family': sans, 'font-size': TITLE * zoom, 'font-weight': 600 },
    head,
  )
  return {
    element: draw('g', {}, titled, ...captioned),
    width: Math.max(widthOf(head, fonts.title), ...lines.map((line) => widthOf(line, fonts.caption))),
    height: headHeight + lines.length * LINE * zoom,
  }
}

/** Returns words for the network, and for the instant. */
function captionOf({ lab, at, beganAt }: Pictured): string[] {
  const { settings, nodes } = lab
  const network = settings ? [networkName(nodes.length, settings), conditions(settings), ...changedWords(settings)] : []
  return [...network, `at ${formatInstant(at)}`, ...(beganAt === null ? [] : [formatDate(beganAt + at)])]
}
