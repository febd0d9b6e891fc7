/** Names the classes of style sheets: the sheet and the script of the first load contain each name. */
import { createHash } from 'node:crypto'
import { relative } from 'node:path'

/** Four letters and digits of a hash, of which the first is a letter. */
const LENGTH = 4
const ROOT = import.meta.dirname

/**
 * Returns a function from a class and its file to a name, for `css.modules.generateScopedName`.
 * @throws (the function) if two classes would get the same name: rename one of them.
 */
export function shortClassNames(): (name: string, file: string) => string {
  const owners = new Map<string, string>()
  return (name, file) => {
    const owner = `${name} in ${relative(ROOT, file.replace(/\?.*$/, ''))}`
    const letters = createHash('sha256')
      .update(owner)
      .digest('base64')
      .replace(/[^A-Za-z0-9]/g, '')
    const short = letters.replace(/^\d+/, '').slice(0, LENGTH)
    const other = owners.get(short)
    if (other !== undefined && other !== owner) throw new Error(`two classes get the name ${short}: ${other}, ${owner}`)
    owners.set(short, owner)
    // A developer reads names.
    return process.env.NODE_ENV === 'production' ? short : `${name}_${short}`
  }
}
