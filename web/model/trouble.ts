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
  troubleOf(error, READING, 'it cannot be read. Try a copy of it in another folder')

/** A file could not be made or saved. */
export const makingTrouble = (error: unknown): Trouble =>
  troubleOf(error, MAKING, 'The file was not created. Choose a shorter stretch; if that fails too, reload the page.')

type Words = Readonly<Record<string, string>>

/** By the browser's name of the error. */
const READING: Words = {
  NotFoundError: 'it is a folder, or was moved or deleted meanwhile. Choose the file again where it is now',
  NotReadableError: 'the browser may not read it, or it has changed meanwhile. Choose it again, or a copy of it',
  SecurityError: 'the browser may not read it. Copy it to another folder and choose it there',
  RangeError: 'it is too large for this browser. Record a shorter stretch, or close other pages',
}

const MAKING: Words = {
  RangeError: 'It is too large for this browser. Choose a shorter stretch.',
  EncodingError: 'This browser cannot draw that picture. Save it as SVG.',
  SecurityError: 'This browser does not let the page draw a picture. Try another browser.',
}

function troubleOf(error: unknown, known: Words, otherwise: string): Trouble {
  if (error instanceof InWords) return { words: error.message }
  const technical = String(error)
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return { words: known[name] ?? otherwise, technical }
}
