/**
 * Writes the event stream of a lab to a file, and goes on in a new one when that is large: FILE is always the newest,
 * FILE.1 the one before. Each begins with the state before its first event, so each opens by itself.
 *
 * It keeps no queue: the journal has the events, and what is written next is a number. A disk that is slow, full or gone
 * is waited for; if it takes so long that the journal forgets, the recording has a gap and says so. The lab never waits.
 */
import { type FileHandle, lstat, open, rename } from 'node:fs/promises'
import { KEPT_RECORDINGS, MAX_BROWSER_BATCH, ROTATE_RECORDING_BYTES } from '../../shared/limits.ts'
import { eventLines, headerLine } from '../../shared/recording.ts'
import type { Lab } from './lab.ts'
import { messageOf } from './refusal.ts'

/** What of a file is used here. */
export type RecordedFile = Pick<FileHandle, 'write' | 'truncate' | 'close'>

export interface RecorderOptions {
  /** Says what went wrong, to whoever started the lab. */
  readonly complain: (what: string) => void
  readonly rotateBytes?: number
  readonly retryMs?: number
  readonly openFile?: (path: string) => Promise<RecordedFile>
}

export interface Recorder {
  /** Writes what is left, if it can be written, and closes the file. */
  close(): Promise<void>
}

const RETRY_MS = 5_000
/** Text that is written at once, in characters. */
const BATCH_CHARS = 1_048_576

/**
 * Records everything from the oldest event that the lab still has until it is closed.
 * @throws (rejects) with the system's error when the file cannot be written at all.
 */
export async function record(lab: Lab, path: string, options: RecorderOptions): Promise<Recorder> {
  const writer = new Writer(lab, path, options)
  await writer.begin(lab.journal.oldest)
  const stop = lab.onRelease(() => void writer.pump())
  void writer.pump()
  return {
    async close() {
      stop()
      await writer.end()
    },
  }
}

class Writer {
  readonly #lab: Lab
  readonly #path: string
  readonly #options: Required<RecorderOptions>
  #file: RecordedFile | undefined
  /** Bytes that are written whole; behind them there may be a piece of a line. */
  #size = 0
  /** Number of the next event to write. */
  #next = 1
  #pumping: Promise<void> | undefined
  #failing = false
  #retry: NodeJS.Timeout | undefined

  constructor(lab: Lab, path: string, options: RecorderOptions) {
    this.#lab = lab
    this.#path = path
    const openFile = (path: string) => open(path, 'w')
    this.#options = { rotateBytes: ROTATE_RECORDING_BYTES, retryMs: RETRY_MS, openFile, ...options }
  }

  /** A new file that begins with that event. */
  async begin(number: number) {
    await this.#file?.close()
    this.#file = undefined
    await this.#keepOlder()
    this.#file = await this.#options.openFile(this.#path)
    this.#size = 0
    this.#next = number
  }

  /** One at a time. */
  pump(): Promise<void> {
    if (this.#retry !== undefined) return Promise.resolve()
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
    })
    return this.#pumping
  }

  async end() {
    await this.#pumping
    // One more attempt, even if the next one would be later.
    clearTimeout(this.#retry)
    this.#retry = undefined
    await this.pump()
    clearTimeout(this.#retry)
    await this.#file?.close().catch(() => {})
  }

  async #pump() {
    try {
      if (this.#failing) await this.#recover()
      while (this.#size === 0 || this.#next <= this.#lab.journal.last) await this.#writeSome()
    } catch (error) {
      if (!this.#failing)
        this.#options.complain(`${this.#path} cannot be written: ${messageOf(error)}. The lab goes on; trying again.`)
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
    else await this.begin(Math.max(this.#next, this.#lab.journal.oldest))
    await this.#writeSome()
    this.#failing = false
    this.#options.complain(`${this.#path} is written again`)
  }

  async #writeSome() {
    const { journal } = this.#lab
    if (this.#next < journal.oldest) {
      this.#options.complain(`events ${this.#next} to ${journal.oldest - 1} are in no recording: the lab forgot them`)
      await this.begin(journal.oldest)
    } else if (this.#size >= this.#options.rotateBytes) await this.begin(this.#next)
    if (this.#size === 0) {
      const { id: lab, beganAt } = this.#lab
      await this.#write(headerLine({ lab, beganAt }, journal.stateAfter(this.#next - 1)))
    }
    const events = journal.read(this.#next, MAX_BROWSER_BATCH, BATCH_CHARS)
    await this.#write(eventLines(events))
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
  }

  /** FILE becomes FILE.1, that one FILE.2; the oldest is overwritten. Nothing but files is moved. */
  async #keepOlder() {
    if (!(await isFile(this.#path))) return
    for (let age = KEPT_RECORDINGS - 1; age >= 0; age -= 1) {
      const from = age === 0 ? this.#path : `${this.#path}.${age}`
      if (await isFile(from)) await rename(from, `${this.#path}.${age + 1}`)
    }
  }
}

const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isFile(),
    () => false,
  )
