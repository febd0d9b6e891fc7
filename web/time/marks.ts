/** The marks above the bar of time: landmarks so near that their signs would overlap are one mark with a count. */

import { nodeName } from '../../shared/model/names.ts'
import { plural } from '../../shared/text/format.ts'
import type { Landmark, LandmarkKind } from './landmarks.ts'

export type Sign = Extract<LandmarkKind, 'message' | 'agreement' | 'start' | 'crash'>

/** Most striking last: a cluster has the sign of its most striking landmark. */
const SIGNS: readonly Sign[] = ['message', 'start', 'agreement', 'crash']
/** A sign and a count of two digits, in px. */
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

/** `x` gives the place of an instant, in px; `zoom` is how much larger than usual words are. Takes time in proportion to the landmarks, however many there are. */
export function marksOf(landmarks: readonly Landmark[], x: (at: number) => number, zoom = 1): Mark[] {
  const clusters: Cluster[] = []
  for (const landmark of landmarks) {
    if (signOf(landmark) === null) continue
    const place = x(landmark.at)
    const last = clusters.at(-1)
    if (last && place - last.x < APART * zoom) last.landmarks.push(landmark)
    else clusters.push({ x: place, landmarks: [landmark] })
  }
  return clusters.map(markOf)
}

const signOf = ({ kind }: Landmark): Sign | null => SIGNS.find((sign) => sign === kind) ?? null

function markOf({ x, landmarks }: Cluster): Mark {
  const of = (sign: Sign) => landmarks.filter(({ kind }) => kind === sign)
  const present = SIGNS.filter((sign) => of(sign).length > 0)
  const words = present.map((sign) => wordsOf(sign, of(sign))).join(' · ')
  return { x, sign: present.at(-1) ?? 'message', count: landmarks.length, words }
}

function wordsOf(sign: Sign, landmarks: readonly Landmark[]): string {
  const [first] = landmarks
  const count = landmarks.length
  const node = count === 1 && first?.node !== null && first ? nodeName(first.node) : null
  switch (sign) {
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
