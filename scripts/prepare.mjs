/**
 * Makes a checkout ready to run: right Node, packages installed, everything built. Runs before `npm start` and
 * `npm test`, and from bin/process when there is no build. Needs no package itself, says nothing when nothing is to do.
 *
 *   node scripts/prepare.mjs                 install and build as needed
 *   node scripts/prepare.mjs --build-only    never install; for callers that run on the installed packages
 */
import { build, isBuilt } from './prepare/build.mjs'
import { areInstalled, install } from './prepare/install.mjs'
import { withLock } from './prepare/lock.mjs'
import { nodeVersionProblem } from './prepare/node-version.mjs'
import { PreparationFailed, say } from './prepare/run.mjs'

const buildOnly = process.argv.includes('--build-only')

async function prepare() {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem) throw new PreparationFailed(problem)
  if (isReady()) return
  await withLock(async () => {
    // Asked again: whoever held the lock may have done it all.
    if (!areInstalled()) {
      if (buildOnly) throw new PreparationFailed('packages are missing or out of date; run npm ci')
      await install()
    }
    if (!isBuilt()) await build()
  })
}

function isReady() {
  return areInstalled() && isBuilt()
}

try {
  await prepare()
} catch (error) {
  if (error instanceof PreparationFailed) say(error.message)
  // What the system refuses is told in its words.
  else if (error.syscall) say(`rumorscope: this checkout cannot be made ready: ${error.message}`)
  else say(`this is a fault of Rumorscope, please report it: ${error.stack ?? error}`)
  process.exitCode = 1
}
