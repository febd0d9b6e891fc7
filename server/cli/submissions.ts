/** Finds the submissions that `--submissions` names: a path in which `*` stands for the name of a file or folder. */
import { readdirSync } from 'node:fs'
import { isAbsolute, posix, resolve } from 'node:path'
import { Refusal } from '../../shared/text/refusal.ts'
import { statOfFile } from '../platform/stat-of-file.ts'
import { fileWords } from '../platform/system-errors.ts'

/** Maximum number of submissions of one check. */
const MOST = 10_000

export interface FoundSubmission {
  /** The folder or file that a part with `*` found, such as the name of a student; the pattern if it has no `*`. */
  readonly name: string
  /** Relative if the pattern is. */
  readonly path: string
  /** Name for its files, which no other submission has. */
  readonly fileName: string
}

/**
 * Returns the files, in the order of their names. A folder without such a file is no submission.
 * @throws Refusal if there is none.
 */
export function findSubmissions(pattern: string, folder: string): FoundSubmission[] {
  const at = (path: string) => resolve(folder, path)
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.')
  let found: readonly Place[] = [{ path: isAbsolute(pattern) ? '/' : '', names: [] }]
  for (const part of parts) found = found.flatMap((place) => matchesIn(place, part, at))
  const files = found.filter(({ path }) => statOfFile(at(path))?.isFile())
  if (files.length === 0) throw new Refusal(`--submissions: no file is named ${pattern}`)
  if (files.length > MOST)
    throw new Refusal(`--submissions: ${files.length} files are named ${pattern}; name ${MOST} at most`)
  // The page that leads to all reports is index.html.
  const taken = new Set(['index'])
  return files.map(({ path, names }) => {
    const name = names.length > 0 ? names.join('/') : pattern
    // A program is a path, and no command of the PATH.
    return { name, path: path.includes('/') ? path : `./${path}`, fileName: freeName(name, taken) }
  })
}

interface Place {
  readonly path: string
  /** The names that parts with `*` have found so far. */
  readonly names: readonly string[]
}

function matchesIn({ path, names }: Place, part: string, at: (path: string) => string): Place[] {
  if (!part.includes('*')) return [{ path: posix.join(path, part), names }]
  const wanted = new RegExp(`^${part.split('*').map(literally).join('.*')}$`, 'su')
  return namesIn(at(path))
    .filter((name) => wanted.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map((name) => ({ path: posix.join(path, name), names: [...names, name] }))
}

const literally = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')

function namesIn(path: string): string[] {
  if (!statOfFile(path)?.isDirectory()) return []
  try {
    return readdirSync(path).sort()
  } catch (error) {
    throw new Refusal(`--submissions: ${path}: ${fileWords(error as Error)}`)
  }
}

/** Different names may have the same letters and digits. Systems compare them without their case. */
function freeName(name: string, taken: Set<string>): string {
  const plain =
    name
      .replace(/[^\w.-]+/g, '-')
      .replace(/^[-.]+/, '')
      .slice(0, 100) || 'submission'
  let free = plain
  for (let i = 2; taken.has(free.toLowerCase()); i += 1) free = `${plain}-${i}`
  taken.add(free.toLowerCase())
  return free
}
