/** Reads the arguments of a program by one procedure, and refuses them in words. */
import { visible } from '../../shared/text/visible.ts'

/**
 * Reports an argument that is not UTF-8. Node replaces such bytes by U+FFFD, so a file of another name would be opened
 * or made.
 */
function encodingProblem(argv: readonly string[]): string | undefined {
  const bad = argv.find((argument) => argument.includes('\ufffd'))
  return bad === undefined ? undefined : `'${visible(bad)}' is not UTF-8: choose a name that is`
}

/** Words an argument that cannot be parsed. Node's own words for a value that looks like an option take three lines. */
function argumentProblem({ message }: Error, usage: string): string {
  const [, name] = /^Option '.*(--[\w-]+)[^']*' argument is ambiguous/.exec(message) ?? []
  if (name !== undefined) return `${name} needs a value; if it begins with a dash, write ${name}=<value>`
  return `${visible(message)}\n\n${usage}`
}

/** Tokens of parseArgs: an option has a name, and some have a value. */
type Tokens = readonly { readonly kind: string; readonly name?: string; readonly value?: string | undefined }[]

/**
 * Refuses an option with two values, with these exceptions: parseArgs would take the last value.
 * @throws Error that names it.
 */
function requireOnce(tokens: Tokens, severalTimes: readonly string[]) {
  const names = tokens.flatMap(({ kind, name = '', value }) => (kind === 'option' && value !== undefined ? [name] : []))
  const twice = names.find((name, place) => names.indexOf(name) < place && !severalTimes.includes(name))
  if (twice !== undefined) throw new Error(`--${twice} is given twice: leave one out`)
}

interface Parsed {
  readonly values: { readonly help?: boolean | undefined }
  readonly tokens: Tokens
}

interface Reading<Given extends Parsed, Result> {
  readonly usage: string
  /** @throws Error of parseArgs. */
  readonly parse: (argv: readonly string[]) => Given
  /** Names of options that may have several values. */
  readonly severalTimes: readonly string[]
  /** Says which argument to give, when one is missing. */
  readonly missing?: (given: Given) => string | undefined
  /** @throws Error that names the invalid argument. */
  readonly interpret: (given: Given) => Result
}

/** Returns null when the arguments ask for help, or an error that names the faulty argument. */
export function readArguments<Given extends Parsed, Result>(
  argv: readonly string[],
  { usage, parse, severalTimes, missing, interpret }: Reading<Given, Result>,
): Result | string | null {
  const problem = encodingProblem(argv)
  if (problem !== undefined) return problem
  let given: Given
  try {
    given = parse(argv)
  } catch (error) {
    return argumentProblem(error as Error, usage)
  }
  if (given.values.help) return null
  const request = missing?.(given)
  if (request !== undefined) return `${request}\n\n${usage}`
  try {
    requireOnce(given.tokens, severalTimes)
    return interpret(given)
  } catch (error) {
    return visible((error as Error).message)
  }
}
