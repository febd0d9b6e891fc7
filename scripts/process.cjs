/**
 * Loads the build of a gossip process, for bin/process: scripts/process.cjs <id> <n> <port>. It reports a damaged build
 * in one sentence, to the log and to a running lab as well.
 */
const fail = async (error) => {
  // An old Node cannot parse the build.
  require('./prepare/node-version.cjs').refuseAncientNode('process')
  const [{ say }, { note }, { tellLab }, { damageWords }] = await Promise.all([
    import('./prepare/run.mjs'),
    import('./prepare/log.mjs'),
    import('./prepare/tell-lab.mjs'),
    import('./prepare/package.mjs'),
  ])
  const why = damageWords(error)
  const args = process.argv.slice(2)
  say(`process: ${why}`)
  note('process', args, why)
  await tellLab(args, why)
  process.exit(1)
}

try {
  // A complete build ends with that.
  if (!require('../dist/node/process.cjs').isWholeBuild) throw new Error('process.cjs ends too early')
} catch (error) {
  fail(error)
}
