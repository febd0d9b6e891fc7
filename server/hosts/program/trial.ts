/** The circumstances in which `rumorscope check` runs a program. A lab has none of them. */
export interface Trial {
  /** Whether the lab may ask for chat logs by itself now. A check asks for nothing that its test does not ask for. */
  readonly mayLook: () => boolean
  /**
   * Returns the TCP port that a program gets when the lab listens on `asked`; undefined for any free one. In a network of
   * its own a program can have the port that a file names, which shows whether it frees it.
   */
  readonly innerPort: (asked: number) => number | undefined
  /** Beginning of a command line that runs the rest within limits. */
  readonly limits: readonly string[]
  /** Outputs that a program cannot write to: proxy.py opens both for reading. */
  readonly unwritable: ReadonlySet<'stdout' | 'stderr'>
}
