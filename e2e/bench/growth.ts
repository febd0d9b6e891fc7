/** Whether nodes grow by more than what they hold: messages at a steady rate, and the memory they add. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../support/ports.ts'
import { type Measurement, median, now, rounded } from './measurement.ts'
import { type Client, Standalone } from './standalone.ts'

const NODES = 4
const PER_SECOND = 100
/** Its heap finds its size first: what a node takes in its first minute says nothing about its next hour. */
const WARM_UP_S = 60
const MEASURED_S = 180
const SAMPLE_EVERY_S = 3
const TEXT = 'a message of as many characters as people type, which is about so many'
const KIB = 1_024
/** As a message is held: its text, the string round it, and its place in the log, in bytes. */
const HELD_BYTES = TEXT.length + 12 + 24 + 16

/** Nothing where the system does not tell a process's memory. */
export async function growth(root: string): Promise<Measurement[]> {
  if (process.platform !== 'linux') return []
  const folder = mkdtempSync(join(tmpdir(), 'rs-bench-'))
  const nodes = new Standalone(root, folder, await freePorts(NODES))
  try {
    for (let id = 0; id < NODES; id += 1) await nodes.start(id, NODES)
    const client = await nodes.connect(0)
    await talk(client, WARM_UP_S, () => {})
    const samples: Sample[] = []
    let said = 0
    await talk(client, MEASURED_S, (count) => {
      said = count
      if (count % (PER_SECOND * SAMPLE_EVERY_S) === 0) samples.push({ said, bytes: nodes.pids.map(residentBytes) })
    })
    return [report(samples, said)]
  } finally {
    await nodes.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Sample {
  readonly said: number
  /** Of each node. */
  readonly bytes: readonly number[]
}

/** Says one message after the other at the rate; catches up when the machine was busy. */
async function talk(client: Client, seconds: number, said: (count: number) => void) {
  const began = now()
  for (let count = 1; count <= seconds * PER_SECOND; count += 1) {
    const due = began + (count * 1_000) / PER_SECOND
    while (now() < due) await sleep(Math.max(1, due - now()))
    client.send(`msg 1 ${TEXT} ${count}`)
    said(count)
  }
}

function report(samples: readonly Sample[], said: number): Measurement {
  const slopes = Array.from({ length: NODES }, (_, node) =>
    slopeOf(samples.map(({ said, bytes }) => [said, bytes[node] ?? 0])),
  )
  const perMessage = median(slopes)
  const perHour = (perMessage - HELD_BYTES) * PER_SECOND * 3_600
  return {
    name: 'growth-100-a-second',
    what: `resident memory that a node adds for each message, ${PER_SECOND} a second for ${MEASURED_S} s over ${NODES} nodes (${said} messages), beside what the message takes`,
    figures: {
      bytesPerMessage: rounded(perMessage),
      heldBytesPerMessage: HELD_BYTES,
      beyondMiBPerHour: rounded(perHour / KIB / KIB),
    },
    target: 'no more than three times what the messages take: the heap keeps room to breathe',
    met: perMessage <= 3 * HELD_BYTES,
  }
}

/** Theil and Sen: the median of the slopes between samples, which a single garbage collection cannot bend. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], place) => points.slice(place + 1).map(([x2, y2]) => (y2 - y) / (x2 - x)))
  return median(slopes)
}

function residentBytes(pid: number): number {
  const kib = /^Rss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kib) * KIB
}
