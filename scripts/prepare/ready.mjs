import { build, isBuilt, missingInPackage } from './build.mjs'
import { areInstalled, install } from './install.mjs'
import { withLock } from './lock.mjs'
import { nodeVersionProblem } from './node-version.cjs'
import { incompleteWords, isPackage } from './package.mjs'
import { PreparationFailed } from './run.mjs'

/**
 * Installs and builds as needed; with `buildOnly` it never installs.
 * @throws (rejects) when that fails; whyNotReady returns the reason.
 */
export async function makeReady({ buildOnly = false } = {}) {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem) throw new PreparationFailed(problem)
  if (isPackage()) return requireWhole()
  if (isReady()) return
  await withLock(async () => {
    // Checks again: the previous owner of the lock may have done all work.
    if (!areInstalled()) {
      if (buildOnly) throw new PreparationFailed('packages are missing or out of date; run npm ci')
      await install()
    }
    if (!isBuilt()) await build()
  })
}

/** A package has its build, and nothing to build it from. */
function requireWhole() {
  const missing = missingInPackage()
  if (missing !== undefined) throw new PreparationFailed(incompleteWords(missing))
}

function isReady() {
  return areInstalled() && isBuilt()
}

const wayOut = ({ code }) =>
  ['EACCES', 'EPERM', 'EROFS'].includes(code) ? '; clone into a folder that you can write to' : ''

/** Returns the words for an error of makeReady. */
export function whyNotReady(error) {
  if (error instanceof PreparationFailed) return error.message
  // An error of the system keeps the system's words.
  if (error.syscall) return `rumorscope: this checkout cannot be made ready: ${error.message}${wayOut(error)}`
  return `this is a fault of Rumorscope, please report it: ${error.stack ?? error}`
}
