import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { PreparationFailed, ROOT, run, say } from './run.mjs'

/** Inputs of the build. package-lock.json counts: a new version of a package changes the page. */
const SOURCES = [
  'shared',
  'server',
  'web',
  'lessons',
  // For the measurements; tests are left out below.
  'e2e',
  'scripts',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]
const PACKED_RESULTS = [
  'dist/web/index.html',
  'dist/server/main.js',
  'dist/server/stopall.js',
  'dist/server/run.js',
  'dist/node/process.cjs',
]
const RESULTS = [...PACKED_RESULTS, 'dist/server/bench.js', 'dist/server/soak.js']
/** The hash of the sources of the present build. */
const BUILT = join(ROOT, 'dist', '.built-from')

/** Returns a file that a package needs of the build, and that is not there or is empty. */
export const missingInPackage = () => PACKED_RESULTS.find((path) => !isThere(path))

export function isBuilt() {
  return RESULTS.every(isThere) && existsSync(BUILT) && readFileSync(BUILT, 'utf8') === sourcesHash()
}

/** A power failure leaves empty files behind. */
const isThere = (path) => (statSync(join(ROOT, path), { throwIfNoEntry: false })?.size ?? 0) > 0

export async function build() {
  say('rumorscope: building')
  // Computed before the build: a source that changes meanwhile is built the next time.
  const hash = sourcesHash()
  rmSync(BUILT, { force: true })
  await run('vite build', process.execPath, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--app'])
  const missing = RESULTS.find((path) => !isThere(path))
  if (missing) throw new PreparationFailed(`vite build did not make ${missing}`)
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  writeFileSync(BUILT, hash)
}

/**
 * Hashes contents, not times: git gives every file of a fresh clone, and every file it switches, the time of the
 * checkout.
 */
function sourcesHash() {
  const hash = createHash('sha256')
  for (const path of SOURCES.flatMap(filesIn))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0')
  return hash.digest('hex')
}

/** Returns the files of a folder in a fixed order, or the file itself. Tests are not part of a build. */
function filesIn(source) {
  if (!statSync(join(ROOT, source)).isDirectory()) return [source]
  const entries = readdirSync(join(ROOT, source), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const isLeftOut = /[\\/]\.|\.test\.tsx?$/
  return files
    .map((path) => relative(ROOT, path))
    .filter((path) => !isLeftOut.test(path))
    .sort()
}
