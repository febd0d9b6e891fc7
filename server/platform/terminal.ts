/**
 * Writes to the terminal, for every program except the node, which has `say.ts`. Each argument is one line: line ends
 * and control characters from outside are escaped.
 */
import { visible } from '../../shared/text/visible.ts'
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

/**
 * Resolves when all output has left, with the reason why some of it could not be written although a reader is there.
 */
export async function lostOutput(): Promise<string | undefined> {
  await new Promise((resolve) => process.stdout.write('', resolve))
  return lost
}
