/** Puts a cell of the spread into words that fit its width. */
import { formatMs, plural } from '../text/format.ts'
import type { Cell } from './cells.ts'

/** Widths below which cells have no words, or fewer, in px. */
export const WORDS_FROM = 92
const TIMES_FROM = 52

/** Returns the text of a cell in a column of this width, in px. */
export function writtenIn(cell: Cell, pitch: number): string {
  if (pitch < TIMES_FROM) return ''
  return pitch >= WORDS_FROM ? shortWords(cell) : tinyWords(cell)
}

/** Returns the number of links that a copy crossed, as far as its colour shows; undefined if the cell is no copy. */
export const hopsOf = (cell: Cell): number | undefined =>
  cell.state === 'held' ? Math.min(cell.hops ?? 1, 4) : undefined

const REASONS: Readonly<Partial<Record<Cell['state'], string>>> = {
  'cut off': 'no running node that has it can reach this node',
  stranger: 'another program uses the port of this node, so the lab cannot see what arrives',
  uncertain:
    'the path here crosses another program, or a link that is cut one way: a rumor may arrive, but its loss goes unnoticed',
  waits: 'received, waiting for an earlier message from the same node',
  'not seen': 'a program was given it, and no chat log shows it',
  gone: 'every node that had it has ended',
}

/** Returns the words for a screen reader and a tooltip. */
export function wordsOf(cell: Cell): string {
  const reason = REASONS[cell.state]
  if (cell.state !== 'held') return reason === undefined ? cell.state : `${cell.state}: ${reason}`
  const hops = cell.hops === null ? undefined : `, over ${plural(cell.hops, 'link')}`
  if (cell.inferred) return `inferred: in its chat log after ${formatMs(cell.ms)}${hops ?? ''}`
  return `after ${formatMs(cell.ms)}${hops ?? ', from outside'}`
}

function shortWords(cell: Cell): string {
  if (cell.state === 'held') return `+${formatMs(cell.ms)}`
  return cell.state === 'lost copy' ? '' : cell.state
}

function tinyWords(cell: Cell): string {
  if (cell.state === 'held') return formatMs(cell.ms)
  if (cell.state === 'origin' || cell.state === 'cut off' || cell.state === 'waits') return cell.state
  if (cell.state === 'uncertain' || cell.state === 'stranger') return '?'
  if (cell.state === 'not seen') return '?'
  return cell.state === 'lost on the way' ? 'lost' : ''
}
