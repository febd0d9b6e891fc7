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

export async function install() {
  say('rumorscope: installing packages')
  // Installs development packages as well, whatever NODE_ENV says: the build needs them.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  if (npm && basename(npm).startsWith('npm-cli.')) await run('npm ci', process.execPath, [npm, ...args])
  else await run('npm ci', 'npm', args, { shell: process.platform === 'win32' })
}

/** Returns undefined when there is no such file, or it does not list packages. */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages
  } catch {
    return undefined
  }
}
