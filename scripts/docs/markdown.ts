/** Reads the references in the documents of the repository, so that tests can check them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')
const NOT_OURS = new Set(['node_modules', 'dist', 'test-results'])

/** Returns the paths of all files of the repository with one of these endings, relative to its root. */
export function filesEnding(endings: readonly string[], folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || NOT_OURS.has(entry.name)) return []
    if (entry.isDirectory()) return filesEnding(endings, path)
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : []
  })
}

export const readOurs = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export const headingsOf = (markdown: string): string[] =>
  Array.from(withoutFences(markdown).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => heading)

/** Returns the anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>()
  return headingsOf(markdown).map((heading) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    return times === 0 ? slug : `${slug}-${times}`
  })
}

const withoutFences = (markdown: string): string => markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '')
const withoutCode = (markdown: string): string =>
  withoutFences(markdown)
    .replace(/^ {4}.*$/gm, '')
    .replace(/`[^`\n]*`/g, '')

/** A file by its path, as documents write it between backquotes. */
const PATH_IN_CODE = /`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|tsx|mjs|md|scenario|input))`/g

/**
 * Returns the broken references of a page: missing files and anchors of its relative links, missing files that it names
 * between backquotes (from the root or from its own folder), and references without a definition. `read` returns the
 * text of a file of the repository, or undefined if there is none.
 */
export function brokenReferences(page: string, read: (path: string) => string | undefined): string[] {
  const markdown = read(page) ?? ''
  const text = withoutCode(markdown)
  const from = (path: string) => normalize(join(dirname(page), path))
  const defined = new Map(Array.from(text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm), ([, name = '', to = '']) => [name, to]))
  const links = [
    ...Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, to = '']) => to),
    ...Array.from(text.matchAll(/\b(?:src|srcset)="([^"]+)"/g), ([, to = '']) => to),
    ...defined.values(),
  ]
  const uses = Array.from(text.matchAll(/\]\[([^\]]+)\]/g), ([, name = '']) => name)
  const paths = Array.from(withoutFences(markdown).matchAll(PATH_IN_CODE), ([, path = '']) => path)
  return [
    ...links.filter((to) => !isFound(to)),
    ...uses.filter((name) => !defined.has(name)).map((name) => `[${name}]`),
    ...paths.filter((path) => read(path) === undefined && read(from(path)) === undefined),
  ]

  function isFound(to: string): boolean {
    if (/^https?:/.test(to)) return true
    const [path = '', anchor] = to.split('#')
    const target = path === '' ? page : from(path)
    const found = read(target)
    return found !== undefined && (anchor === undefined || anchorsOf(found).includes(anchor))
  }
}
