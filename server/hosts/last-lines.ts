import { stringOf } from '../../shared/gossip/text.ts'

/** Number of last lines of a node's stderr that are kept. */
export const MAX_STDERR_LINES = 20
/** Maximum length of a kept line, in characters. */
export const MAX_STDERR_LINE_CHARS = 500

const NEWLINE = 10

/** Keeps the last lines that a process wrote to stderr. A byte that is not UTF-8 is preserved: see `stringOf`. */
export class LastLines {
  readonly lines: string[] = []
  /** The bytes of an unfinished line. */
  #rest: Uint8Array = new Uint8Array()

  add(chunk: Uint8Array) {
    const bytes = Buffer.concat([this.#rest, chunk])
    const end = bytes.lastIndexOf(NEWLINE) + 1
    this.#rest = bytes.subarray(end, end + MAX_STDERR_LINE_CHARS)
    this.#keep(stringOf(bytes.subarray(0, end)).split('\n'))
  }

  /** Ends the output: an unfinished line counts as one too. */
  end() {
    this.#keep([stringOf(this.#rest)])
    this.#rest = new Uint8Array()
  }

  #keep(lines: readonly string[]) {
    const full = lines.filter((line) => line.trim() !== '').map((line) => line.slice(0, MAX_STDERR_LINE_CHARS))
    this.lines.push(...full.slice(-MAX_STDERR_LINES))
    this.lines.splice(0, Math.max(0, this.lines.length - MAX_STDERR_LINES))
  }
}
