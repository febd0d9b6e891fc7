/**
 * Puts one deliberate fault at a time into a copy of shared/ and runs its tests there: each fault must make some test
 * fail. A surviving fault shows a gap in the tests. The faults are listed in mutants/list.mjs.
 *
 *     npm run mutants               all of them, some minutes
 *     npm run mutants -- coin ack   those whose name contains one of the words
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MUTANTS } from './mutants/list.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The quick tests first: they catch most. */
const STAGES = [['shared/gossip', 'shared/sim/golden', 'shared/sim/world'], ['shared/sim']]
/** Enough on an idle machine. */
const LEAST_LIMIT_MS = 120_000
/** A stage takes no more than so many times as long as the first one does, unless a fault makes it hang. */
const SLOWEST_STAGE = 10

const words = process.argv.slice(2)
const chosen = MUTANTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
/** Time after which a stage counts as hanging, in ms. */
let limitMs = 20 * LEAST_LIMIT_MS
const copy = mkdtempSync(join(tmpdir(), 'rumorscope-mutants-'))
try {
  prepareCopy()
  limitMs = timeLimit()
  const results = chosen.map(tryMutant)
  const alive = results.filter(({ outcome }) => outcome !== 'caught')
  console.log(`\n${results.length - alive.length} of ${results.length} faults caught`)
  process.exitCode = alive.length === 0 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}

function prepareCopy() {
  cpSync(join(root, 'shared'), join(copy, 'shared'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}')
  writeFileSync(join(copy, 'vitest.config.js'), 'export default { test: { testTimeout: 300_000 } }')
}

function tryMutant({ name, file, edits }) {
  const path = join(copy, 'shared', file)
  const before = readFileSync(path, 'utf8')
  const outcome = putIn(path, before, edits) ? (STAGES.every(run) ? 'SURVIVES' : 'caught') : 'DOES NOT APPLY'
  writeFileSync(path, before)
  console.log(`${outcome.padEnd(14)}  ${name}`)
  return { name, outcome }
}

/** Each text must occur exactly once: the code may have changed. */
function putIn(path, before, edits) {
  let text = before
  for (const [find, replace] of edits) {
    if (text.split(find).length !== 2) return false
    text = text.replace(find, () => replace)
  }
  writeFileSync(path, text)
  return true
}

/**
 * Returns a limit by how long the tests take without any fault: on a busy machine slow tests would count as hanging, and
 * every fault as caught.
 */
function timeLimit() {
  const began = performance.now()
  if (!run(STAGES[0])) throw new Error('the tests fail without any fault')
  return Math.ceil(Math.max(LEAST_LIMIT_MS, SLOWEST_STAGE * (performance.now() - began)))
}

/** Returns whether all tests pass. A hanging test counts as failed. */
function run(tests) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--bail', '1', '--reporter', 'dot', ...tests], {
    cwd: copy,
    env: { ...process.env, CI: '1' },
    timeout: limitMs,
    stdio: 'ignore',
  })
  return status === 0
}
