import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PreparationFailed, ROOT, run, say } from './run.mjs'

const LOCK_FILE = join(ROOT, 'package-lock.json')
/** Inside node_modules, so that whoever deletes that folder deletes the claim with it. */
const INSTALLED = join(ROOT, 'node_modules', '.rumorscope-installed')
/** What npm itself wrote down about the last install. */
const NPM_RECORD = join(ROOT, 'node_modules', '.package-lock.json')

export function areInstalled() {
  const lock = readFileSync(LOCK_FILE)
  const hash = hashOf(lock)
  if (read(INSTALLED) === hash) return true
  // Somebody who ran npm by hand has it already: no reason to install all of it again.
  if (!isInstalledByHand(lock)) return false
  writeFileSync(INSTALLED, hash)
  return true
}

export async function install() {
  say('rumorscope: installing packages')
  const hash = hashOf(readFileSync(LOCK_FILE))
  // Development packages as well, whatever NODE_ENV says: the build is made of them.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  if (npm && basename(npm).startsWith('npm-cli.')) await run('npm ci', process.execPath, [npm, ...args])
  else await run('npm ci', 'npm', args, { shell: process.platform === 'win32' })
  writeFileSync(INSTALLED, hash)
}

function isInstalledByHand(lockText) {
  const record = read(NPM_RECORD)
  if (record === undefined) return false
  const lock = parse(lockText)
  const installed = parse(record)?.packages
  if (!lock) throw new PreparationFailed('rumorscope: package-lock.json is damaged; git checkout package-lock.json')
  if (!installed) return false
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const present = installed[path]
    // What is made for other platforms is not installed, and is marked optional.
    return present ? present.version === wanted.version : wanted.optional === true
  })
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
