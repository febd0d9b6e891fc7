import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PreparationFailed, ROOT, run, say } from './run.mjs'

/** Compares the lock file with the record that npm writes at the end of every install. */
export function areInstalled() {
  const wanted = packagesIn('package-lock.json')
  if (!wanted) throw new PreparationFailed('rumorscope: package-lock.json is damaged; git checkout package-lock.json')
  const installed = packagesIn('node_modules/.package-lock.json')
  if (!installed) return false
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    // npm leaves out packages for other platforms, and marks them optional.
    return installed[path] ? installed[path].version === version : optional === true
  })
}

/** Time after which a registry that does not answer is reported, in ms. */
const PATIENCE_MS = 5_000
/** Time after which it counts as unreachable, in ms, unless npm's own settings say otherwise. */
const ANSWER_LIMIT_MS = 30_000
/** Error codes of npm and of the system without a way to the registry. FETCH_ERROR is that of one that does not answer. */
const NO_WAY =
  /\b(FETCH_ERROR|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|ENOTCACHED)\b/
const PROXY = 'npm config set proxy http://<host>:<port>, and the same with https-proxy'

/** Asks for the registry first: npm ci itself would try for more than a minute before it says that there is no network. */
export async function install() {
  say('rumorscope: installing packages from the npm registry')
  const why = await whyUnreachable()
  // Its cache may have everything; if not, it says so at once.
  const args = why === undefined ? [] : ['--offline']
  try {
    // Installs development packages as well, whatever NODE_ENV says: the build needs them.
    await npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error', ...args)
  } catch (error) {
    const [code] = NO_WAY.exec(error.message) ?? []
    if (code === undefined || !(error instanceof PreparationFailed)) throw error
    throw new PreparationFailed(noWayWords(why ?? code))
  }
}

/** Returns the error code if the registry cannot be reached. Reports a registry that does not answer. */
async function whyUnreachable() {
  const slow = setTimeout(
    () => say(`rumorscope: still waiting for the npm registry; if this network has a proxy, set it: ${PROXY}`),
    PATIENCE_MS,
  )
  try {
    await npm('ping', '--fetch-retries=0', `--fetch-timeout=${process.env.npm_config_fetch_timeout ?? ANSWER_LIMIT_MS}`)
  } catch (error) {
    return NO_WAY.exec(error.message)?.[0]
  } finally {
    clearTimeout(slow)
  }
}

function npm(...args) {
  const cli = process.env.npm_execpath
  const what = `npm ${args[0]}`
  if (cli && basename(cli).startsWith('npm-cli.')) return run(what, process.execPath, [cli, ...args])
  return run(what, 'npm', args, { shell: process.platform === 'win32' })
}

const noWayWords = (code) =>
  `rumorscope: npm cannot reach its registry (${code === 'FETCH_ERROR' ? 'no answer' : code}), which the first start from a clone needs. Connect this machine to \
the internet, or set the proxy of this network: ${PROXY}. The package needs no network: see docs/install.md`

/** Returns undefined when there is no such file, or it does not list packages. */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages
  } catch {
    return undefined
  }
}
