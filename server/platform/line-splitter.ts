/** Splits what TCP clients send into lines, and bounds it. */
import { stringOf } from '../../shared/gossip/text.ts'
import { MAX_LINE_BYTES } from '../../shared/language/command.ts'
import type { LineHandler } from '../../shared/node/platform.ts'

/** Maximum number of TCP clients of one node at a time. */
export const MAX_LINE_CLIENTS = 64
/** Number of unread answer bytes of one TCP client past which none of its further lines is carried out. */
export const MAX_UNREAD_BYTES = 4 * 1_024 * 1_024

const NEWLINE = 10
/** Length of a refused line that is shown, in characters. */
const SHOWN_CHARS = 40

/** Joins lines from segments that end anywhere, also within a character. */
export class LineSplitter {
  #parts: Uint8Array[] = []
  #length = 0
  /** Set within a line that is too long: its rest is discarded up to the next end of line. */
  #skipping = false
  readonly #onBadLine: LineHandler['onBadLine']

  constructor(onBadLine: LineHandler['onBadLine']) {
    this.#onBadLine = onBadLine
  }

  /** Returns the lines that this segment completes, without \n or \r\n. */
  *lines(chunk: Uint8Array): Generator<string> {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end))
      start = end + 1
      const line = this.#take()
      if (line !== undefined) yield line
    }
    this.#add(chunk.subarray(start))
  }

  #add(part: Uint8Array) {
    if (this.#skipping || part.length === 0) return
    this.#parts.push(part)
    this.#length += part.length
    if (this.#length <= MAX_LINE_BYTES) return
    this.#onBadLine(`longer than ${MAX_LINE_BYTES} bytes`, stringOf(Buffer.concat(this.#parts)).slice(0, SHOWN_CHARS))
    this.#parts = []
    this.#length = 0
    this.#skipping = true
  }

  #take(): string | undefined {
    const [first] = this.#parts
    const bytes = first && this.#parts.length === 1 ? first : Buffer.concat(this.#parts)
    const skipped = this.#skipping
    this.#parts = []
    this.#length = 0
    this.#skipping = false
    if (skipped) return undefined
    const line = stringOf(bytes).replace(/\r$/, '')
    if (line.isWellFormed()) return line
    this.#onBadLine('not UTF-8', line.slice(0, SHOWN_CHARS))
    return undefined
  }
}
