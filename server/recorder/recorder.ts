/**
 * Writes the event stream of a lab to a file, and continues in a new one when that is large: FILE is always the newest,
 * FILE.1 the one before. Each begins with the state before its first event, so each opens by itself.
 *
 * It keeps no queue: the sequencer has the events, and the position is a number. It waits for a disk that is slow, full
 * or gone, and writes a removed file again; if the sequencer has forgotten events by then, the recording lacks them. It
 * reports every problem at the terminal and in the event stream. The lab never waits.
 *
 * `autosave.ts` records with the same writer into a file of its own.
 */

import { type FileHandle, stat } from 'node:fs/promises'
import { MAX_BROWSER_BATCH } from '../../shared/lab/event-log.ts'
import type { Lab } from '../../shared/lab/lab.ts'
import { headerLine } from '../../shared/wire/recording.ts'
import {
  KEPT_RECORDINGS,
  keepOlder,
  openRecording,
  RecordingRefusal,
  requireRecordable,
  whyUnwritable,
} from './recording-files.ts'

/** Size past which a recording continues in a new file, in bytes; and the number of older files kept. */
const ROTATE_RECORDING_BYTES = 64 * 1_024 * 1_024

/** The part of a file handle that is used here. */
export type RecordedFile = Pick<FileHandle, 'write' | 'truncate' | 'stat' | 'datasync' | 'close'>

export interface RecorderOptions {
  /** Reports a problem at the terminal. */
  readonly complain: (what: string) => void
  /** Reports to the lab why the recording is incomplete, and null when it is complete again. */
  readonly note?: (problem: string | null) => void
  readonly rotateBytes?: number
  /** Number of older files that are kept, and whether a removed one counts as missing. */
  readonly keep?: number
  readonly missesOldest?: boolean
  /** Interval at which the file is flushed to the disk, in ms: a crash of the machine loses no more. */
  readonly syncMs?: number
  readonly retryMs?: number
  readonly lookMs?: number
  readonly closeMs?: number
  readonly openFile?: (path: string) => Promise<RecordedFile>
}

export interface Recorder {
  /** Writes the rest, if possible, and closes the file. Resolves with whether the recording is complete. */
  close(): Promise<boolean>
}

const RETRY_MS = 5_000
/** Interval of checks whether the file still exists, in ms. */
const LOOK_MS = 1_000
/** Time that a disk gets at the end, in ms. */
const CLOSE_MS = 10_000
/** Maximum length of text in one write, in characters. */
const BATCH_CHARS = 1_048_576

/**
 * Records everything from the oldest event that the lab still has until it is closed. An existing file is kept as
 * FILE.1, and that is reported.
 * @throws (rejects) RecordingRefusal when there can be no recording under this name.
 */
export async function record(lab: Lab, path: string, options: RecorderOptions): Promise<Recorder> {
  await requireRecordable(path)
  const writer = new RecordingWriter(lab, path, options)
  await writer.start()
  const stop = lab.onRelease(() => void writer.pump())
  void writer.pump()
  return {
    close() {
      stop()
      return writer.end()
    },
  }
}

/** Numbers of events, both included. */
interface Stretch {
  readonly from: number
  readonly to: number
}

export class RecordingWriter {
  readonly #lab: Lab
  readonly #path: string
  readonly #options: Required<RecorderOptions>
  #file: RecordedFile | undefined
  /** Number of bytes that are certainly complete; behind them there may be a piece of a line. */
  #size = 0
  /** Number of the next event to write. */
  #next = 1
  #pumping: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #lookedAt = 0
  #syncedAt = performance.now()
  #isSynced = true
  #failing = false
  /** Beginning and end of the part that it lacks for good, and whether that is all of it. */
  #gap: (Stretch & { readonly isOne: boolean }) | undefined
  /** The first events of the kept files, oldest first. */
  readonly #firsts: number[] = []

  constructor(lab: Lab, path: string, options: RecorderOptions) {
    this.#lab = lab
    this.#path = path
    this.#options = {
      note: (problem) => lab.sequencer.append({ type: 'recording', problem }),
      rotateBytes: ROTATE_RECORDING_BYTES,
      keep: KEPT_RECORDINGS,
      missesOldest: true,
      syncMs: Number.POSITIVE_INFINITY,
      retryMs: RETRY_MS,
      lookMs: LOOK_MS,
      closeMs: CLOSE_MS,
      openFile: openRecording,
      ...options,
    }
  }

  /** @throws (rejects) RecordingRefusal when the file cannot be written at all. */
  async start() {
    try {
      const kept = await this.#begin(this.#lab.sequencer.oldest)
      if (!kept) return
      const overwritten = kept.overwritten === undefined ? '' : `, and the oldest one, ${kept.overwritten}, was deleted`
      this.#options.complain(`${this.#path} already existed; it was renamed to ${kept.as}${overwritten}`)
    } catch (error) {
      throw new RecordingRefusal(whyUnwritable(this.#path, error as Error))
    }
  }

  /** Begins a new file with that event. */
  async #begin(number: number) {
    await this.#file?.close().catch(() => {})
    this.#file = undefined
    const kept = await keepOlder(this.#path, this.#options.keep)
    this.#file = await this.#options.openFile(this.#path)
    this.#size = 0
    this.#next = number
    this.#firsts.push(number)
    const [first = number, second = number] = this.#firsts
    if (this.#firsts.length > this.#options.keep + 1) {
      this.#firsts.shift()
      if (this.#options.missesOldest) this.#lack({ from: first, to: second - 1 })
    }
    return kept
  }

  /** Runs one write at a time. */
  pump(): Promise<void> {
    if (this.#retry !== undefined) return Promise.resolve()
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
    })
    return this.#pumping
  }

  /** Resolves with whether everything is written. Does not wait for a disk that does not respond. */
  async end(): Promise<boolean> {
    let patience: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, this.#options.closeMs)
    })
    await Promise.race([this.#finish(), tooLong])
    clearTimeout(patience)
    const { last } = this.#lab.sequencer
    if (this.#next <= last) this.#lack({ from: this.#next, to: last })
    if (!this.#gap) return true
    this.#options.complain(`${this.#path} is incomplete: ${this.#lacking()}`)
    return false
  }

  async #finish() {
    await this.#pumping
    // One more attempt now, though the next one is due later; and one more check.
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#lookedAt = Number.NEGATIVE_INFINITY
    await this.pump()
    clearTimeout(this.#retry)
    await this.#file?.close().catch(() => {})
  }

  async #pump() {
    try {
      if (this.#failing) await this.#recover()
      await this.#look()
      if (!this.#file) await this.#begin(this.#lab.sequencer.oldest)
      while (this.#size === 0 || this.#next <= this.#lab.sequencer.last) await this.#writeSome()
      await this.#sync()
    } catch (error) {
      if (!this.#failing)
        this.#complain(`${whyUnwritable(this.#path, error as Error)}. The lab keeps running and tries again`)
      this.#failing = true
      this.#retry = setTimeout(() => {
        this.#retry = undefined
        void this.pump()
      }, this.#options.retryMs)
      this.#retry.unref()
    }
  }

  async #recover() {
    if (this.#file) await this.#file.truncate(this.#size)
    else await this.#begin(Math.max(this.#next, this.#lab.sequencer.oldest))
    await this.#writeSome()
    this.#failing = false
    const lacking = this.#gap ? `, but ${this.#lacking()}` : ''
    this.#options.complain(`${this.#path} is written again${lacking}`)
    this.#note(lacking === '' ? null : `${this.#path} is written again${lacking}`)
  }

  async #sync() {
    const now = performance.now()
    if (this.#isSynced || now < this.#syncedAt + this.#options.syncMs) return
    await this.#file?.datasync()
    this.#syncedAt = now
    this.#isSynced = true
  }

  /** A removed or emptied file is written again from its beginning, as far as the lab still has the events. */
  async #look() {
    const now = performance.now()
    if (now < this.#lookedAt + this.#options.lookMs || !this.#file || this.#size === 0) return
    this.#lookedAt = now
    const { ino, nlink, size } = await this.#file.stat()
    const isThere = nlink > 0 || (await stat(this.#path).catch(() => undefined))?.ino === ino
    if (isThere && size >= this.#size) return
    const from = this.#firsts.pop() ?? this.#next
    const first = Math.max(from, this.#lab.sequencer.oldest)
    const what = isThere ? 'emptied' : 'removed'
    this.#options.complain(`${this.#path} was ${what}: it is written again from event ${first}`)
    if (first > from) this.#forgotten({ from, to: first - 1 })
    this.#next = first
    await this.#begin(first)
  }

  #forgotten(stretch: Stretch) {
    this.#lack(stretch)
    this.#complain(`events ${stretch.from} to ${stretch.to} are in no recording: the lab no longer has them`)
  }

  #lack({ from, to }: Stretch) {
    const gap = this.#gap
    const isOne = !gap || (gap.isOne && from <= gap.to + 1 && to >= gap.from - 1)
    this.#gap = { from: Math.min(from, gap?.from ?? from), to: Math.max(to, gap?.to ?? to), isOne }
  }

  #lacking(): string {
    const { from, to, isOne } = this.#gap ?? { from: 0, to: 0, isOne: true }
    return `${isOne ? '' : 'some of '}the events ${from} to ${to} are missing`
  }

  /** Reports at the terminal and to the viewers of the lab. */
  #complain(problem: string) {
    this.#options.complain(problem)
    this.#note(problem)
  }

  #note(problem: string | null) {
    this.#options.note(problem)
  }

  async #writeSome() {
    const { sequencer } = this.#lab
    if (this.#next < sequencer.oldest) {
      this.#forgotten({ from: this.#next, to: sequencer.oldest - 1 })
      await this.#begin(sequencer.oldest)
    } else if (this.#size >= this.#options.rotateBytes) await this.#begin(this.#next)
    if (this.#size === 0) {
      const { id: lab, beganAt } = this.#lab
      await this.#write(headerLine({ lab, beganAt }, sequencer.stateAfter(this.#next - 1)))
    }
    const events = sequencer.read(this.#next, MAX_BROWSER_BATCH, BATCH_CHARS)
    await this.#write(events.map((event) => `${sequencer.json.of(event)}\n`).join(''))
    this.#next += events.length
  }

  async #write(text: string) {
    const bytes = Buffer.from(text)
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten = 0 } =
        (await this.#file?.write(bytes, written, bytes.length - written, this.#size + written)) ?? {}
      if (bytesWritten === 0) throw new Error('nothing more can be written')
      written += bytesWritten
    }
    this.#size += bytes.length
    this.#isSynced = false
  }
}
