/**
 * Computes the marks above the time bar: landmarks so near that their signs would overlap are one mark with a count.
 */

import { nodeName } from '../../../shared/model/names.ts'
import { plural } from '../../../shared/text/format.ts'
import type { Landmark, LandmarkKind } from './landmarks.ts'

type MarkedKind = Extract<LandmarkKind, 'message' | 'agreement' | 'start' | 'crash'>
/** A cluster of unlike landmarks has a separate sign, because its count belongs to none of them alone. */
export type Sign = MarkedKind | 'mixed'

/** Kinds as they are named, most striking last. */
const KINDS: readonly MarkedKind[] = ['message', 'start', 'agreement', 'crash']
/** Width of a sign and a count of two digits, in px. */
const APART = 20

export interface Mark {
  /** In px. */
  readonly x: number
  readonly sign: Sign
  readonly count: number
  readonly words: string
}

interface Cluster {
  readonly x: number
  readonly landmarks: Landmark[]
}

/**
 * `x` returns the position of an instant, in px; `zoom` is the scale of words. The time is proportional to the number
 * of landmarks.
 */
export function marksOf(landmarks: readonly Landmark[], x: (at: number) => number, zoom = 1): Mark[] {
  const clusters: Cluster[] = []
  for (const landmark of landmarks) {
    if (!isMarked(landmark)) continue
    const place = x(landmark.at)
    const last = clusters.at(-1)
    if (last && place - last.x < APART * zoom) last.landmarks.push(landmark)
    else clusters.push({ x: place, landmarks: [landmark] })
  }
  return clusters.map(markOf)
}

const isMarked = ({ kind }: Landmark): boolean => KINDS.some((marked) => marked === kind)

function markOf({ x, landmarks }: Cluster): Mark {
  const of = (marked: MarkedKind) => landmarks.filter(({ kind }) => kind === marked)
  const present = KINDS.filter((kind) => of(kind).length > 0)
  const words = present.map((kind) => wordsOf(kind, of(kind))).join(' · ')
  const [only = 'mixed', ...others] = present
  return { x, sign: others.length > 0 ? 'mixed' : only, count: landmarks.length, words }
}

/** Distances from the centre of a sign to the end of its count, and to its own beginning, in px. */
const ENDS = 22
const BEGINS = 8

/**
 * Returns a free position in the row of marks for words of this width, after the given mark if possible; null if there
 * is none. The row goes from `from` to `to`. In px.
 */
export function roomInRow(
  marks: readonly Mark[],
  near: Mark,
  wide: number,
  { from, to, zoom = 1 }: { readonly from: number; readonly to: number; readonly zoom?: number },
): number | null {
  const ends = [from, ...marks.map(({ x }) => x + ENDS * zoom)]
  const begins = [...marks.map(({ x }) => x - BEGINS * zoom), to]
  const starts = ends.filter((end, place) => (begins[place] ?? to) - end >= wide)
  return starts.find((start) => start > near.x) ?? starts.at(-1) ?? null
}

function wordsOf(kind: MarkedKind, landmarks: readonly Landmark[]): string {
  const [first] = landmarks
  const count = landmarks.length
  const node = count === 1 && first?.node !== null && first ? nodeName(first.node) : null
  switch (kind) {
    case 'message':
      return node ? `${node} got a message` : plural(count, 'message')
    case 'start':
      return node ? `${node} started` : plural(count, 'start')
    case 'crash':
      return node ? `${node} crashed` : plural(count, 'crash', 'crashes')
    case 'agreement':
      return 'nodes agree'
  }
}
