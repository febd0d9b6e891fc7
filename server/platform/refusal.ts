/** Distinguishes errors that are explained in one sentence from unforeseen ones. */
import { Refusal } from '../../shared/text/refusal.ts'
import { addressProblem, systemWords } from './system-errors.ts'

/** Returns why something cannot be done; undefined when the error is internal. */
export function expectedWords(error: unknown): string | undefined {
  if (error instanceof Refusal) return error.message
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall === undefined) return undefined
  return addressProblem(error)?.what ?? systemWords(error)
}
