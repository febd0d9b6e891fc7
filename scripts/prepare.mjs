/**
 * Makes a checkout ready to run: checks the version of Node, installs packages, builds. Runs before `npm start` and
 * `npm test`. It needs no package itself, and prints nothing when there is nothing to do.
 *
 *   node scripts/prepare.mjs                 install and build as needed
 *   node scripts/prepare.mjs --build-only    never install; for callers that run on the installed packages
 */
import { makeReady, whyNotReady } from './prepare/ready.mjs'
import { say } from './prepare/run.mjs'

try {
  await makeReady({ buildOnly: process.argv.includes('--build-only') })
} catch (error) {
  say(whyNotReady(error))
  process.exitCode = 1
}
