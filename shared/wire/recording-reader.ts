/** Reads a recording line by line, whole or up to the first invalid line. */
import * as z from 'zod/mini'
import type { LabEvent } from '../model/event.ts'
import { readEvent, readState } from '../model/event-reader.ts'
import { MAX_TIME_MS } from '../model/event-schema.ts'
import { EMPTY_LAB, type LabState } from '../model/lab-state.ts'
import { READABLE_VERSIONS, type Recording, type RecordingHeader } from './recording.ts'

export const MAX_RECORDING_EVENTS = 500_000

const headerSchema = z.object({
  rumorscope: z.literal('recording'),
  version: z.number(),
  lab: z.string().check(z.maxLength(64)),
  beganAt: z.number().check(z.minimum(0), z.maximum(MAX_TIME_MS)),
  opensAt: z.exactOptional(
    z.object({ event: z.int().check(z.minimum(1)), words: z.string().check(z.maxLength(2_000)) }),
  ),
})

type Outcome = { readonly ok: true; readonly recording: Recording } | { readonly ok: false; readonly error: string }

export class RecordingReader {
  readonly #maxEvents: number
  #line = 0
  #header: RecordingHeader | null = null
  #base: LabState = EMPTY_LAB
  readonly #events: LabEvent[] = []
  /** Reason why the recording cannot be opened at all. */
  #error: string | null = null
  /** Reason why the rest of the recording is not read. */
  #stop: string | null = null

  constructor(maxEvents = MAX_RECORDING_EVENTS) {
    this.#maxEvents = maxEvents
  }

  /** Whether the reader takes no further line. */
  get done(): boolean {
    return this.#error !== null || this.#stop !== null
  }

  get count(): number {
    return this.#events.length
  }

  /** Takes one line without its end. `isWhole` is false for a last line without line end: it may be cut off. */
  take(line: string, isWhole = true) {
    this.#line += 1
    if (this.done || line.trim() === '') return
    const json = parse(this.#line === 1 ? line.replace(/^\uFEFF/, '') : line)
    if (json === undefined) this.#refuse(isWhole ? whyNoJson(line) : 'is cut off in the middle')
    else if (this.#header === null) this.#takeHeader(json)
    else this.#takeEvent(json)
  }

  /** `note` is a remark of the caller about the end. */
  end(note: string | null = null): Outcome {
    if (this.#error !== null) return { ok: false, error: this.#error }
    if (this.#header === null) return { ok: false, error: 'the file is empty' }
    const [header, base, events] = [this.#header, this.#base, this.#events]
    return { ok: true, recording: { header, base, events, note: this.#stop ?? note } }
  }

  #takeHeader(json: unknown) {
    const parsed = headerSchema.safeParse(json)
    const version = READABLE_VERSIONS.find((one) => one === parsed.data?.version)
    if (!parsed.success) this.#refuse(whyNoHeader(parsed.error))
    else if (version === undefined)
      this.#error = `it is a recording of version ${parsed.data.version}; this page reads versions ${READABLE_VERSIONS.join(' and ')}`
    else {
      this.#header = { ...parsed.data, version }
      const base = (json as { base?: unknown }).base
      if (base === undefined) return
      const state = readState(base)
      if (state.ok) this.#base = state.value
      else this.#error = `line ${this.#line} ${state.error}`
    }
  }

  #takeEvent(json: unknown) {
    const event = readEvent(json)
    const last = this.#events.at(-1)?.n ?? this.#base.last
    if (!event.ok) this.#refuse(event.error)
    else if (event.value.n !== last + 1)
      this.#refuse(`has event ${event.value.n}, where event ${last + 1} was expected`)
    else if (this.#events.length >= this.#maxEvents)
      this.#stop = `Opened up to event ${last}: a page holds at most ${this.#maxEvents} events.`
    else this.#events.push(event.value)
  }

  #refuse(why: string) {
    const what = `line ${this.#line} ${why}`
    if (this.#header === null) this.#error = what
    else this.#stop = `Opened up to event ${this.#events.at(-1)?.n ?? this.#base.last}: ${what}.`
  }
}

const whyNoHeader = ({ issues }: z.core.$ZodError): string =>
  issues.length === 1 && issues[0]?.path[0] === 'beganAt'
    ? 'does not say when the lab began: beganAt must be in ms since 1970'
    : 'is not the header of a recording'

const whyNoJson = (line: string): string => (line.isWellFormed() ? 'is not JSON' : 'is not UTF-8')

function parse(line: string): unknown {
  try {
    // JSON.parse would accept a byte that is not UTF-8 within a text.
    return line.isWellFormed() ? JSON.parse(line) : undefined
  } catch {
    return undefined
  }
}

/** Reads a whole text. */
export function readRecording(text: string, maxEvents?: number): Outcome {
  const reader = new RecordingReader(maxEvents)
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  for (const line of lines) reader.take(line)
  if (last !== '') reader.take(last, false)
  return reader.end()
}
