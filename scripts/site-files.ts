/** Tells the service worker of the built site which files make it work without a network. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const MODULE = 'virtual:site-files'
/** Files that a page needs in the course of a visit; other fonts come from the server, or from the system. */
const NEEDED = /\.(?:js|css|svg)$|-latin-[^/]*\.woff2$/

/** Must be built after the site itself is in `folder`. */
export function siteFiles(environment: string, folder: string): Plugin {
  return {
    name: 'site-files',
    applyToEnvironment: ({ name }) => name === environment,
    resolveId: (id) => (id === MODULE ? id : undefined),
    load(id) {
      if (id !== MODULE) return
      const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((path) => path.replaceAll('\\', '/'))
        .filter((path) => path === 'index.html' || NEEDED.test(path))
        .toSorted()
      const hash = createHash('sha256')
      for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(folder, path)))
      const files = paths.map((path) => (path === 'index.html' ? './' : path))
      return `export const FILES = ${JSON.stringify(files)}\nexport const VERSION = '${hash.digest('hex').slice(0, 12)}'`
    },
  }
}
