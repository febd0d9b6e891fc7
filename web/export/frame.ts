/** Lays out the parts of a picture: nothing is cut off, and no margin is empty. Pure; lengths are in px. */

import { around, type Rect } from '../model/rect.ts'

/** Returns the bounds of the pixels that are not transparent, for rows of so many pixels; null if there are none. */
export function inkOf({ data, width, height }: Pick<ImageData, 'data' | 'width' | 'height'>): Rect | null {
  let box: Rect | null = null
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      if ((data[4 * (y * width + x) + 3] ?? 0) === 0) continue
      const pixel = { left: x, right: x + 1, top: y, bottom: y + 1 }
      box = box ? around(box, pixel) : pixel
    }
  return box
}

/** Gap between the edge of a picture and its content, and between its parts. */
export const PAD = 24
const GAP = 16

interface Part {
  /** In coordinates of its own. */
  readonly left: number
  readonly right: number
  readonly height: number
}

interface Parts {
  /** The widest line of title and caption, and the height of both. */
  readonly words: { readonly width: number; readonly height: number }
  readonly stage: Part
  readonly matrix: Part | null
}

interface Framed {
  readonly width: number
  readonly height: number
  /** Distance by which stage and matrix are moved to the right. */
  readonly shift: number
  readonly stageTop: number
  readonly matrixTop: number
}

/** Words above, the stage below them, the matrix in the columns of the stage below that. */
export function frameParts({ words, stage, matrix }: Parts): Framed {
  const left = Math.min(stage.left, matrix?.left ?? stage.left)
  const right = Math.max(stage.right, matrix?.right ?? stage.right)
  const stageTop = PAD + words.height + GAP
  const matrixTop = stageTop + stage.height + GAP
  const bottom = matrix ? matrixTop + matrix.height : stageTop + stage.height
  return {
    width: Math.ceil(Math.max(words.width, right - left) + 2 * PAD),
    height: Math.ceil(bottom + PAD),
    shift: PAD - left,
    stageTop,
    matrixTop,
  }
}

/** Joins parts into lines no wider than `most`, unless a single part is wider. */
export function linesOf(parts: readonly string[], most: number, widthOf: (line: string) => number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)} · ${part}`
    if (lines.length === 0 || widthOf(longer) > most) lines.push(part)
    else lines[lines.length - 1] = longer
  }
  return lines
}
