/**
 * Opens files that are dropped on the page or chosen. The first line determines the kind of a file; an unknown one is
 * refused with the kinds that can be opened. No part of a file is sent anywhere.
 */

import { readingTrouble, type Trouble } from '../../model/trouble.ts'
import type { PageStore } from '../store.ts'

export interface FileKind {
  /** With its article, for the sentence that lists them: "a recording". */
  readonly name: string
  /** Returns whether it looks like one; called in the order in which the kinds were registered. */
  fits(firstLine: string, fileName: string): boolean
  /** Resolves with null on success, or with the fault of the file and what to do, for the middle of a sentence. */
  open(file: File): Promise<Trouble | null>
}

export interface Files {
  /** Returns a function that undoes it. */
  register(kind: FileKind): () => void
  /** The page reports the outcome. */
  open(file: File): Promise<void>
}

/** Says which files to choose instead of one of another kind. */
const ENDINGS = 'Names of recordings end in .jsonl, names of scenarios in .scenario or .input'
/** Maximum length of a first line that determines the kind of a file, in bytes. */
const FIRST_LINE_BYTES = 4_096

export function createFiles(store: PageStore): Files {
  const kinds: FileKind[] = []

  async function openAs(file: File): Promise<Trouble | null> {
    const start = await file.slice(0, FIRST_LINE_BYTES).text()
    const [firstLine = ''] = start.split('\n', 1)
    // No text contains a NUL.
    const kind = start.includes('\0') ? undefined : kinds.find(({ fits }) => fits(firstLine, file.name))
    if (!kind) return { words: `it is not ${kinds.map(({ name }) => name).join(' or ')}. ${ENDINGS}` }
    return kind.open(file)
  }

  return {
    register(kind) {
      kinds.push(kind)
      return () => void kinds.splice(kinds.indexOf(kind), 1)
    },
    async open(file) {
      store.setState({ notice: { words: `Opening ${file.name} …` } })
      const trouble = await openAs(file).catch(readingTrouble)
      store.setState({
        notice: trouble && { ...trouble, words: `${file.name} could not be opened: ${trouble.words}.` },
      })
    },
  }
}
