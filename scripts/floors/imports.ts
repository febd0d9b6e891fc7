import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'

/** A file that imports something, loads it later, or hands it on. */
export interface Import {
  readonly from: string
  /** A path relative to the project, like `from`, or a package. */
  readonly to: string
}

/** Returns the imports of a file, those of types too. @throws Error if its text is no TypeScript. */
export function importsOf(from: string, text: string): Import[] {
  const { module, errors } = parseSync(from, text)
  if (errors[0]) throw new Error(`${from}: ${errors[0].message}`)
  const imported = module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  const handedOn = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
  )
  const loaded = module.dynamicImports.map(({ moduleRequest: { start, end } }) => unquoted(text.slice(start, end)))
  return [...new Set([...imported, ...handedOn, ...loaded])].map((name) => ({
    from,
    to: name.startsWith('.') ? posix.join(posix.dirname(from), name) : name,
  }))
}

const unquoted = (literal: string): string => literal.replace(/^['"`]|['"`]$/g, '')
