/** Reads the recording of a failed run, and takes from it what the pictures show: the moments before its failure. */
import type { LabEvent } from '../../../shared/model/event.ts'
import { fold } from '../../../shared/model/fold.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import { createTrace, type Mark, type Trace, type TracedDatagram } from '../../../shared/model/trace.ts'
import { readRecording } from '../../../shared/wire/recording-reader.ts'
import type { Reason } from '../result.ts'

/** Maximum size of a recording that is drawn, in UTF-16 units, and of the network in it. */
const MOST_DRAWN = 16_000_000
const MOST_NODES = 16

/** Something that the space-time picture shows. */
export type Moment =
  | { readonly at: number; readonly datagram: TracedDatagram; readonly mark?: undefined }
  | { readonly at: number; readonly mark: Mark; readonly datagram?: undefined }

/** Maximum number of moments in a picture, and those of them that are after the failure. */
const MOST_MOMENTS = 36
const MOST_AFTER = 6

export interface Evidence {
  /** State of the lab at the failure. */
  readonly lab: LabState
  /** The events up to that state. */
  readonly events: readonly LabEvent[]
  /** State at the end of the network: it names the messages that came after the failure. */
  readonly end: LabState
  /** Instant of the failure, in ms of the lab. */
  readonly at: number
  /** Oldest first. */
  readonly moments: readonly Moment[]
  /** Number of moments before those. */
  readonly left: number
  /** All events that begin or end a lane. */
  readonly marks: readonly Mark[]
}

/** Returns a sentence without its end if the recording cannot be drawn. */
export function evidenceOf(text: string, reason: Reason | undefined): Evidence | string {
  if (text.length > MOST_DRAWN) return 'the recording is too large to draw'
  const read = readRecording(text)
  if (!read.ok) return `the recording cannot be drawn: ${read.error}`
  const { base, events } = read.recording
  const failure = events.find(({ n }) => n === reason?.event) ?? events.at(-1)
  if (!failure) return 'nothing was recorded'
  const until = events.find(({ n, type }) => n > failure.n && type === 'network')?.n ?? Number.POSITIVE_INFINITY
  const ofNetwork = events.filter(({ n }) => n < until)
  const before = ofNetwork.filter(({ n }) => n <= failure.n)
  const lab = fold(base, before)
  if (lab.nodes.length === 0) return 'no node had started'
  if (lab.nodes.length > MOST_NODES) return `${lab.nodes.length} nodes are too many to draw`
  const at = reason?.atMs ?? failure.at
  const end = fold(base, ofNetwork)
  const trace = createTrace(base)
  trace.take(ofNetwork)
  trace.show(end.last, at)
  const marks = [...trace.marks, ...ofNetwork.flatMap(givenMark)]
  return { lab, events: before, end, at, marks, ...momentsOf(trace.datagrams, marks, at, lab) }
}

/** A program does not report what it was given; the lab does. */
const givenMark = (event: LabEvent): Mark[] =>
  event.type === 'given' ? [{ n: event.n, at: event.at, node: event.node, kind: 'stored', text: event.text }] : []

function momentsOf(datagrams: Trace['datagrams'], marks: readonly Mark[], at: number, { nodes }: LabState) {
  const isOfLab = (port: number) => nodes.some((node) => node.port === port)
  const all: Moment[] = [
    ...datagrams
      .filter(({ from, to }) => isOfLab(from) && isOfLab(to))
      .map((datagram) => ({ at: datagram.sentAt, datagram })),
    ...marks.filter(({ node }) => node < nodes.length).map((mark) => ({ at: mark.at, mark })),
  ]
  all.sort((a, b) => a.at - b.at)
  const until = all.findLastIndex((moment) => moment.at <= at) + 1
  const from = Math.max(0, until + MOST_AFTER - MOST_MOMENTS)
  return { moments: all.slice(from, until + MOST_AFTER), left: from }
}
