/**
 * The one way to the terminal for every program but the node, which has `say.ts`. Each argument is one line: whatever in
 * it came from outside stays within it, and nothing in it is obeyed.
 */
import { visible } from '../../shared/text/visible.ts'
import { systemWords } from './system-errors.ts'

let lost: string | undefined

// Nobody reads on: `npm start | head` must not end the lab.
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

/** Resolves when all output has left, with why some of it could not be written although somebody wants it. */
export async function lostOutput(): Promise<string | undefined> {
  await new Promise((resolve) => process.stdout.write('', resolve))
  return lost
}
