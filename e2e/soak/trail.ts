/** Logs actions and their outcomes, in order: a failed run prints it. */

/** Number of newest lines that are kept. */
const MAX_LINES = 400

export class Trail {
  readonly #began = performance.now()
  readonly #lines: string[] = []
  readonly #say: (line: string) => void
  #deeds = 0

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  get deeds(): number {
    return this.#deeds
  }

  get lines(): readonly string[] {
    return this.#lines
  }

  /** An action. */
  note(line: string) {
    this.#deeds += 1
    this.#add(line)
  }

  /** Something worth a line also while there is no failure. */
  tell(line: string) {
    this.#say(this.#add(line))
  }

  #add(line: string): string {
    const stamped = `${((performance.now() - this.#began) / 1_000).toFixed(1).padStart(7)} s  ${line}`
    this.#lines.push(stamped)
    if (this.#lines.length > MAX_LINES) this.#lines.shift()
    return stamped
  }
}
