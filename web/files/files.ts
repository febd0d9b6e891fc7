/**
 * What may be dropped on the page or chosen, and who opens it. A file is told by its first line; what nobody knows is
 * refused with what could be opened. Nothing of a file is sent anywhere.
 */
import type { PageStore } from '../store/store.ts'

export interface FileKind {
  /** With its article, for the sentence that lists them: "a recording". */
  readonly name: string
  /** Whether it looks like one; asked in the order in which the kinds were registered. */
  fits(firstLine: string, fileName: string): boolean
  /** Null when it went well, or what is wrong with the file and what to do. */
  open(file: File): Promise<string | null>
}

export interface Files {
  /** Gives what takes it back. */
  register(kind: FileKind): () => void
  /** What came of it is said on the page. */
  open(file: File): Promise<void>
}

/** A first line that tells what a file is, is no longer than this, in bytes. */
const FIRST_LINE_BYTES = 4_096

export function createFiles(store: PageStore): Files {
  const kinds: FileKind[] = []

  async function openAs(file: File): Promise<string | null> {
    const start = await file.slice(0, FIRST_LINE_BYTES).text()
    const [firstLine = ''] = start.split('\n', 1)
    // A NUL is in no text.
    const kind = start.includes('\0') ? undefined : kinds.find(({ fits }) => fits(firstLine, file.name))
    if (!kind) return `it is not ${kinds.map(({ name }) => name).join(' or ')}, and nothing else can be opened here`
    return kind.open(file)
  }

  return {
    register(kind) {
      kinds.push(kind)
      return () => void kinds.splice(kinds.indexOf(kind), 1)
    },
    async open(file) {
      store.setState({ notice: `Opening ${file.name} …` })
      const error = await openAs(file).catch((error: unknown) => `it cannot be read (${String(error)})`)
      store.setState({ notice: error === null ? null : `${file.name} was not opened: ${error}.` })
    },
  }
}
