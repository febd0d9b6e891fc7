/** Measures a run, in the words of Maelstrom where it has them. */
import type { LabEvent } from '../../shared/model/event.ts'
import { type Answer, textsIn } from './course/expected.ts'
import type { Latency, Measures } from './result.ts'
import { sightingsOf } from './sightings.ts'

/** Messages of a run whose spread is measured: a run with thousands says no more about them. */
const MOST_MEASURED = 100

export function measure(events: readonly LabEvent[], answers: readonly Answer[]): Measures {
  const given = events.filter((event) => event.type === 'given')
  const nodes = new Set(events.flatMap((event) => (event.type === 'running' ? [event.node] : [])))
  const measured = given.slice(0, MOST_MEASURED)
  const latencies = measured.flatMap(({ text, at }) => {
    const sightings = sightingsOf(text, events)
    return sightings.length === nodes.size ? [(sightings.at(-1)?.atMs ?? at) - at] : []
  })
  latencies.sort((a, b) => a - b)
  const datagrams = events.filter(({ type }) => type === 'sent').length
  const hasGate = events.some((event) => event.type === 'starting' && event.gate === true)
  const read = readings(
    given.map(({ text }) => text),
    answers,
  )
  return {
    messages: given.length,
    measured: measured.length,
    ...(latencies.length > 0 ? { latencyMs: latencyOf(latencies) } : {}),
    ...(hasGate && given.length > 0 ? { datagramsPerMessage: datagrams / given.length } : {}),
    ...read,
  }
}

/** @param sorted at least one, in ms. */
const latencyOf = (sorted: readonly number[]): Latency => ({
  p50: share(sorted, 0.5),
  p95: share(sorted, 0.95),
  max: share(sorted, 1),
  reached: sorted.length,
})

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0

/** Counts what chat logs showed of the messages that were given. */
function readings(
  given: readonly string[],
  answers: readonly Answer[],
): Pick<Measures, 'lost' | 'stale' | 'duplicated' | 'neverRead'> {
  const logs = answers.map(({ node, log }) => ({ node, texts: textsIn(log) }))
  const lastOf = new Map(logs.map((log) => [log.node, log.texts]))
  const count = (fits: (text: string) => boolean) => [...new Set(given)].filter(fits).length
  const wasRead = (text: string) => logs.some(({ texts }) => texts.includes(text))
  const isRead = (text: string) => [...lastOf.values()].some((texts) => texts.includes(text))
  const isStale = (text: string) =>
    [...lastOf.keys()].some((node) => {
      const shown = logs.filter((log) => log.node === node).map(({ texts }) => texts.includes(text))
      return shown.lastIndexOf(true) > shown.indexOf(false) && shown.includes(false)
    })
  return {
    lost: count((text) => wasRead(text) && !isRead(text)),
    stale: count(isStale),
    duplicated: logs.reduce((sum, { texts }) => sum + texts.length - new Set(texts).size, 0),
    neverRead: logs.length === 0 ? 0 : count((text) => !wasRead(text)),
  }
}
