/** Explains problems with files: the fault, and what the person who opens or saves one can do. */

export interface Trouble {
  readonly words: string
  /** For developers. */
  readonly technical?: string
}

/** An error whose message is plain words for people. */
export class InWords extends Error {}

/** A chosen or dropped file could not be read. */
export const readingTrouble = (error: unknown): Trouble =>
  troubleOf(error, READING, 'the file cannot be read. Copy it to another folder and open the copy')

/** A file could not be made or saved. */
export const makingTrouble = (error: unknown): Trouble =>
  troubleOf(error, MAKING, 'The file was not saved. Choose fewer events; if that fails too, reload the page.')

type Words = Readonly<Record<string, string>>

/** By the browser's name of the error. */
const READING: Words = {
  NotFoundError: 'it is a folder, or it was moved or deleted. Choose the file again',
  NotReadableError: 'the browser may not read it, or it has changed. Choose the file again, or a copy',
  SecurityError: 'the browser may not read it. Copy it to another folder and choose the copy',
  RangeError: 'it is too large for this browser. Record for a shorter time, or close other pages',
}

const MAKING: Words = {
  RangeError: 'The file is too large for this browser. Choose fewer events.',
  EncodingError: 'This browser cannot draw that picture. Save it as SVG.',
  SecurityError: 'This browser does not let the page draw pictures. Try another browser.',
}

function troubleOf(error: unknown, known: Words, otherwise: string): Trouble {
  if (error instanceof InWords) return { words: error.message }
  const technical = String(error)
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return { words: known[name] ?? otherwise, technical }
}
