/**
 * Loads a program of the build and passes the arguments on: node scripts/start.mjs <program> [argument ...]. It reports
 * a damaged build in one sentence; later errors are the program's own.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, say } from './prepare/run.mjs'

const [node = '', , name, ...rest] = process.argv
const program = join(ROOT, 'dist', 'server', `${name}.js`)
process.argv = [node, program, ...rest]

try {
  // A power failure leaves empty files behind, and such a program would silently do nothing.
  if (statSync(program).size === 0) throw new Error(`${program} is empty`)
  const { isWholeBuild } = await import(pathToFileURL(program).href)
  if (!isWholeBuild) throw new Error(`${name}.js ends too early`)
} catch (error) {
  say(`rumorscope: the build in dist is damaged (${error.message}); run npm run build to rebuild it`)
  process.exitCode = 1
}
