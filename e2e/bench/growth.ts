/** Measures whether nodes grow by more than their messages: messages at a steady rate, and the memory they add. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_MESSAGES } from '../../shared/gossip/limits.ts'
import { type Measurement, median, now, rounded } from './measurement.ts'
import { type Client, withStandalone } from './standalone.ts'

const NODES = 4
const PER_SECOND = 100
/** Time for its heap to reach its size: its growth in the first minutes says nothing about its next hour. */
const WARM_UP_S = 60
/** After half of it the log is full, and the memory must not grow any more. */
const MEASURED_S = 3_600
const SAMPLES = 60
const TEXT = 'a message of as many characters as people type, which is about so many'
const KIB = 1_024
/** Size of a stored message: its text with its number, the string around it, and its entry in the log, in bytes. */
const HELD_BYTES = TEXT.length + 7 + 16 + 12

/** Runs for an hour; skipped if the system does not report a process's memory. */
export async function growth(root: string): Promise<Measurement[]> {
  if (process.platform !== 'linux') return []
  return withStandalone(root, NODES, async (nodes) => {
    const client = await nodes.connect(0)
    await talk(client, WARM_UP_S, () => {})
    const samples: Sample[] = []
    await talk(client, MEASURED_S, (said) => {
      if (said % ((PER_SECOND * MEASURED_S) / SAMPLES) === 0)
        samples.push({ said, bytes: nodes.pids.map(residentBytes) })
    })
    return [report(samples)]
  })
}

interface Sample {
  readonly said: number
  /** Memory of each node. */
  readonly bytes: readonly number[]
}

/** Sends one message after the other at the rate; catches up when the machine was busy. */
async function talk(client: Client, seconds: number, said: (count: number) => void) {
  const began = now()
  for (let count = 1; count <= seconds * PER_SECOND; count += 1) {
    const due = began + (count * 1_000) / PER_SECOND
    while (now() < due) await sleep(Math.max(1, due - now()))
    client.send(`msg 1 ${TEXT} ${count}`)
    said(count)
  }
}

function report(samples: readonly Sample[]): Measurement {
  const room = MAX_MESSAGES - WARM_UP_S * PER_SECOND
  const filling = samples.filter(({ said }) => said <= room)
  const full = samples.filter(({ said }) => said > room)
  const perMessage = slopeIn(filling)
  const perHour = (perMessage - HELD_BYTES) * PER_SECOND * 3_600
  const fullPerHour = (slopeIn(full) * PER_SECOND * 3_600) / KIB / KIB
  return {
    name: 'growth',
    what: `resident memory that a node adds for each message, ${PER_SECOND} a second for an hour over ${NODES} nodes, until it has ${MAX_MESSAGES}, beside what the message takes; and what it adds when it is full`,
    figures: {
      bytesPerMessage: rounded(perMessage),
      heldBytesPerMessage: HELD_BYTES,
      beyondMiBPerHour: rounded(perHour / KIB / KIB),
      firstMiB: rounded(median(samples[0]?.bytes ?? []) / KIB / KIB),
      lastMiB: rounded(median(samples.at(-1)?.bytes ?? []) / KIB / KIB),
      fullMiBPerHour: rounded(fullPerHour),
    },
    target: 'no more than twice what the messages take: the heap keeps room to breathe; nothing once it is full',
    met: perMessage <= 2 * HELD_BYTES && fullPerHour < 1,
  }
}

/** Growth of the node in the middle, in bytes a message. */
const slopeIn = (samples: readonly Sample[]): number =>
  median(
    Array.from({ length: NODES }, (_, node) => slopeOf(samples.map(({ said, bytes }) => [said, bytes[node] ?? 0]))),
  )

/** Theil and Sen: the median of the slopes between samples, which a single garbage collection cannot distort. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], place) => points.slice(place + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)))
  return median(slopes)
}

function residentBytes(pid: number): number {
  const kib = /^Rss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kib) * KIB
}
