/**
 * Writes to the terminal, for every program except the node, which has `say.ts`. Each argument is one line: line ends
 * and control characters from outside are escaped.
 */
import { visible } from '../../shared/text/visible.ts'
import { cut } from '../../shared/text/words.ts'
import { lineText, type StyledLine } from './styled-line.ts'
import { systemWords } from './system-errors.ts'

let lost: string | undefined

// The reader has gone: `npm start | head` must not end the lab.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') lost = systemWords(error)
})
process.stderr.on('error', () => {})

const textOf = (lines: readonly string[]) => lines.map((line) => `${visible(line)}\n`).join('')

/** Writes lines to stdout. */
export function print(...lines: readonly string[]) {
  process.stdout.write(textOf(lines))
}

/** Writes lines to stderr. */
export function complain(...lines: readonly string[]) {
  process.stderr.write(textOf(lines))
}

/** Whether stdout is a terminal that shows colours. Node.js honours NO_COLOR and FORCE_COLOR. */
const hasColours = (): boolean => process.stdout.isTTY === true && process.stdout.hasColors()

/** Width of a terminal that does not say it: some report 0. */
const USUAL_COLUMNS = 80
const ERASE_LINE = '\r\x1b[2K'
let isProgressShown = false

/** Writes lines to stdout, with colours if it is a terminal. */
export function printStyled(...lines: readonly StyledLine[]) {
  const erase = isProgressShown ? ERASE_LINE : ''
  isProgressShown = false
  process.stdout.write(erase + lines.map((line) => `${lineText(line, hasColours())}\n`).join(''))
}

/** Shows a text below all lines, until the next line or progress. Without a terminal it shows nothing. */
export function showProgress(text: string) {
  if (process.stdout.isTTY !== true) return
  isProgressShown = true
  // A longer one would wrap, and its first row would stay.
  const fitting = cut(visible(text), (process.stdout.columns || USUAL_COLUMNS) - 1)
  process.stdout.write(ERASE_LINE + lineText([{ text: fitting, style: 'dim' }], hasColours()))
}

/**
 * Resolves when all output has left, with the reason why some of it could not be written although a reader is there.
 */
export async function lostOutput(): Promise<string | undefined> {
  await new Promise((resolve) => process.stdout.write('', resolve))
  return lost
}
