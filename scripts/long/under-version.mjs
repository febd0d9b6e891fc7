/**
 * node scripts/long/under-version.mjs <version of Node> <script> [argument ...]
 *
 * Runs a script with another version of Node, from the package `node` of npm, which is also the `node` on its PATH.
 */
import { spawnSync } from 'node:child_process'

const [version, ...script] = process.argv.slice(2)
const npx = ['npx', '--yes', '--package', `node@${version}`, '--']
const { status } = spawnSync(npx[0], [...npx.slice(1), 'node', '--version'], {
  stdio: ['ignore', 'inherit', 'pipe'],
  // Without a network npm would retry for minutes.
  env: { ...process.env, npm_config_fetch_retries: '0' },
})
if (status === 0) {
  const { status: code } = spawnSync(npx[0], [...npx.slice(1), 'node', ...script], { stdio: 'inherit' })
  process.exitCode = code ?? 1
} else {
  console.error(
    `Node ${version} could not be fetched from npm. These parts need the network; run them where there is one.`,
  )
  process.exitCode = 1
}
