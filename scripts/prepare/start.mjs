import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nodeVersionProblem } from './node-version.cjs'
import { damageWords } from './package.mjs'
import { ROOT, say } from './run.mjs'

/**
 * Loads a program of the build and passes the arguments on. It reports a damaged build in one sentence; later errors are
 * the program's own.
 */
export async function start(name, args) {
  const program = join(ROOT, 'dist', 'server', `${name}.js`)
  // An old Node cannot load the build, which is not damaged.
  const problem = nodeVersionProblem(process.versions.node)
  if (problem) {
    say(problem)
    process.exitCode = 1
    return
  }
  process.argv = [process.execPath, program, ...args]
  try {
    // A power failure leaves empty files behind, and such a program would silently do nothing.
    if (statSync(program).size === 0) throw new Error(`${program} is empty`)
    const { isWholeBuild } = await import(pathToFileURL(program).href)
    if (!isWholeBuild) throw new Error(`${name}.js ends too early`)
  } catch (error) {
    say(`rumorscope: ${damageWords(error)}`)
    process.exitCode = 1
  }
}
