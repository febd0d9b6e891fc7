/** Columns that both pictures of a run share: labels on the left, then a column per node. In px of the drawing. */
import { cut } from '../../../shared/text/words.ts'

export interface Columns {
  readonly gutter: number
  readonly pitch: number
  readonly width: number
  /** Centre of the column of a node. */
  readonly x: (node: number) => number
}

const GUTTER = 106
/** Four nodes fit the width of a phone, with words in their cells. */
const USUAL_WIDTH = 358
const LEAST_PITCH = 52
const MOST_PITCH = 84

export function columnsFor(nodes: number): Columns {
  const pitch = Math.min(MOST_PITCH, Math.max(LEAST_PITCH, (USUAL_WIDTH - GUTTER) / nodes))
  return { gutter: GUTTER, pitch, width: GUTTER + nodes * pitch, x: (node) => GUTTER + pitch * (node + 0.5) }
}

export const FONT_SIZE = 11
/** Mean width of a letter, as a share of its size: nothing measures texts here. */
const LETTER = 0.58

/** Returns as much of the beginning of a text as fits a width, in px. */
export function fitted(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / (FONT_SIZE * LETTER)))
  return text.length <= most ? text : `${cut(text, most - 1)}…`
}
