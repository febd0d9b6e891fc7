/**
 * Makes a checkout ready to run: checks the version of Node, installs packages, builds. Runs before `npm start` and
 * `npm test`. It needs no package itself, and prints nothing when there is nothing to do.
 *
 *   node scripts/prepare.cjs                 install and build as needed
 *   node scripts/prepare.cjs --build-only    never install; for callers that run on the installed packages
 */
require('./prepare/node-version.cjs').refuseAncientNode('rumorscope')

Promise.all([import('./prepare/ready.mjs'), import('./prepare/run.mjs')]).then(
  ([{ makeReady, whyNotReady }, { say }]) =>
    makeReady({ buildOnly: process.argv.includes('--build-only') }).catch((error) => {
      say(whyNotReady(error))
      process.exitCode = 1
    }),
)
