/** Explains the signs on the stage: each when it first appears, for a while, and once in a browser. */
import { useEffect, useState } from 'react'
import { isLoss } from '../../shared/model/losses.ts'
import type { TracedDatagram } from '../../shared/model/trace.ts'
import { usePage, useZoom } from '../ui/page.ts'
import { LOSS, RUMOR, STATUS, UNDECODED } from '../ui/signs.tsx'
import styles from './Legend.module.css'

const SIGNS = {
  rumor: { drawing: RUMOR, words: 'rumor: a message on its way' },
  status: { drawing: STATUS, words: 'status: what its sender has' },
  undecoded: { drawing: UNDECODED, words: 'undecoded: in an unknown format' },
  loss: { drawing: LOSS, words: 'lost: it did not arrive' },
}
type Sign = keyof typeof SIGNS
const ALL: readonly Sign[] = ['rumor', 'status', 'undecoded', 'loss']

/** Time for which a sign is explained, and after which it counts as read, in ms of the person. */
const EXPLAINED_FOR_MS = 30_000
const READ_MS = 4_000
const LOOK_EVERY_MS = 250
/** Number of recent datagrams that are scanned. */
const MOST_LOOKED_AT = 200

/** Room for the longest explanation with its neighbour at the right, in px. */
const LEAST_ROOM = 360

/** `room` is the room that another part of the same line leaves, in px. */
export function Legend({ room }: { readonly room: number | null }) {
  const zoom = useZoom()
  const { known } = usePage()
  // Signs of this visit are explained to the end.
  const [signs] = useState(() => ALL.filter((sign) => !known.getState().has(sign)))
  if (signs.length === 0 || (room !== null && room < LEAST_ROOM * zoom)) return null
  return <Unexplained signs={signs} room={room} />
}

interface Props {
  readonly signs: readonly Sign[]
  readonly room: number | null
}

function Unexplained({ signs, room }: Props) {
  const appeared = useAppeared()
  const shown = signs.filter((sign) => appeared.has(sign))
  if (shown.length === 0) return null
  return (
    <ul
      className={styles.legend}
      style={room === null ? undefined : { maxWidth: room, marginLeft: 'auto' }}
      aria-label="Signs on the stage"
    >
      {shown.map((sign) => (
        <Explained key={sign} sign={sign} />
      ))}
    </ul>
  )
}

function Explained({ sign }: { readonly sign: Sign }) {
  const { known } = usePage()
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const timers = [setTimeout(() => known.learn(sign), READ_MS), setTimeout(() => setIsOver(true), EXPLAINED_FOR_MS)]
    return () => timers.forEach(clearTimeout)
  }, [known, sign])
  const { drawing, words } = SIGNS[sign]
  if (isOver) return null
  return (
    <li>
      {drawing} {words}
    </li>
  )
}

/** The signs that have been on the stage since the page was opened. */
function useAppeared(): ReadonlySet<Sign> {
  const { store, player } = usePage()
  const [appeared, setAppeared] = useState<ReadonlySet<Sign>>(new Set())
  useEffect(() => {
    const timer = setInterval(() => {
      const now = store.trace.datagrams.slice(-MOST_LOOKED_AT).flatMap((datagram) => signsOf(datagram, player.at))
      setAppeared((before) => (now.every((sign) => before.has(sign)) ? before : new Set([...before, ...now])))
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [store, player])
  return appeared
}

function signsOf({ content, lostAt, lostWhy }: TracedDatagram, at: number): Sign[] {
  const loss: Sign[] = lostAt !== null && lostAt <= at && lostWhy !== null && isLoss(lostWhy) ? ['loss'] : []
  return content.kind === 'malformed' ? loss : [content.kind, ...loss]
}
