/** Keeps the last lines of a program's stdout and stderr, however much it writes. */
import type { Readable } from 'node:stream'
import { LastLines } from '../last-lines.ts'

/** Newest bytes that are split into lines, at most every `LOOK_EVERY_MS`. Older bytes of a flood are discarded. */
const LOOKED_AT_BYTES = 64 * 1_024
const LOOK_EVERY_MS = 50
/** Shortest and longest time between two calls of `onLines`, in ms. It doubles while the program goes on writing. */
const TELL_FIRST_MS = 200
const TELL_LONGEST_MS = 10_000

export class ProgramOutput {
  readonly #lines = new LastLines()
  readonly #onLines: (lines: readonly string[]) => void
  #chunks: Buffer[] = []
  #bytes = 0
  #looking: NodeJS.Timeout | undefined
  #telling: NodeJS.Timeout | undefined
  #pace = TELL_FIRST_MS
  #isNew = false

  /** `onLines` gets the last lines when there are new ones; less and less often while the program goes on writing. */
  constructor(onLines: (lines: readonly string[]) => void) {
    this.#onLines = onLines
  }

  get lines(): readonly string[] {
    return this.#lines.lines
  }

  read(stream: Readable | null) {
    stream?.on('data', (chunk: Buffer) => this.#take(chunk))
    stream?.on('error', () => {})
  }

  /** Takes the last bytes of a program that has ended. `onLines` is not called any more. */
  end() {
    this.#look()
    this.#lines.end()
    clearTimeout(this.#looking)
    clearTimeout(this.#telling)
  }

  #take(chunk: Buffer) {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= LOOKED_AT_BYTES)
      this.#bytes -= this.#chunks.shift()?.length ?? 0
    this.#looking ??= setTimeout(() => this.#look(), LOOK_EVERY_MS)
  }

  #look() {
    clearTimeout(this.#looking)
    this.#looking = undefined
    if (this.#bytes === 0) return
    this.#lines.add(Buffer.concat(this.#chunks))
    this.#chunks = []
    this.#bytes = 0
    this.#isNew = true
    this.#telling ??= setTimeout(() => this.#tell(), this.#pace)
  }

  #tell() {
    this.#telling = undefined
    this.#pace = this.#isNew ? Math.min(TELL_LONGEST_MS, 2 * this.#pace) : TELL_FIRST_MS
    if (!this.#isNew) return
    this.#isNew = false
    this.#onLines([...this.#lines.lines])
    // Looks again after the pause: if the program has become quiet, its next line is reported soon.
    this.#telling = setTimeout(() => this.#tell(), this.#pace)
  }
}
