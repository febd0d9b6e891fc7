/**
 * Runs the checks that take longer than a landing can wait for. An issue that is closed gives its figures.
 *
 *     npm run test:long               all parts
 *     npm run test:long -- fuzz node  those whose name begins with one of the words
 */
import { type Part, runParts } from './parts.ts'

const VITEST = 'node_modules/vitest/vitest.mjs'
const PACKAGE_TEST = ['--project', 'e2e', 'e2e/package.test.ts']
const TESTS = /\d+ passed(?= \(\d+\)\s+Start)/

/** The first version of each line that `engines` in package.json allows, and the newest one. */
const VERSIONS = ['20.19.0', '20', '22.12.0', '22', '24.0.0', '24']
const PACKAGE_VERSIONS = ['20', '22', '24']

const byNode = (name: string, counted: RegExp, ...args: readonly string[]): Part => ({
  name,
  command: [process.execPath, ...args],
  counted,
})
const fuzz = (world: string, seeds: number): Part => {
  const counted = new RegExp(`${seeds} scenarios, \\d+ datagrams, no violation; seed \\d+`)
  return byNode(`fuzz, ${world}`, counted, 'dist/server/fuzz.js', '--seeds', `${seeds}`, '--world', world)
}
const soak = (name: string, ...args: readonly string[]) =>
  byNode(name, /"deeds":\d+,"checkpoints":\d+/, 'dist/server/soak.js', ...args)
/** No test fails a correct program in 210 runs, seven of each. A skipped test is none that has passed. */
const check = (name: string, program: string) =>
  byNode(`check, ${name}`, /(\d+) tests: \1 passed/, 'dist/server/check.js', program, '--strict', '--runs', '7')
const PARTS = [
  fuzz('machines', 10_000),
  fuzz('shells', 500),
  byNode('mutants', /\d+ of \d+ faults caught/, 'scripts/mutants.mjs'),
  check('our own node', 'bin/process'),
  check('a program of others', 'server/test-support/foreign/sound.py'),
  byNode('long tests', TESTS, VITEST, 'run', '--project', 'long'),
  soak('soak, 10 minutes', '--minutes', '10'),
  soak('soak, 64 nodes, 5 minutes', '--minutes', '5', '--nodes', '64'),
  ...VERSIONS.map((version) =>
    byNode(`node ${version}`, TESTS, 'scripts/long/under-version.mjs', version, VITEST, 'run', '--project', 'unit'),
  ),
  ...PACKAGE_VERSIONS.map((version) =>
    byNode(
      `package, node ${version}`,
      TESTS,
      'scripts/long/under-version.mjs',
      version,
      VITEST,
      'run',
      ...PACKAGE_TEST,
    ),
  ),
]

const words = process.argv.slice(2)
const parts = PARTS.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)))
if (parts.length === 0) {
  console.error(`No part begins with ${words.join(' or ')}. There are: ${PARTS.map(({ name }) => name).join('; ')}.`)
  process.exitCode = 1
} else {
  const failed = await runParts(parts, { cwd: process.cwd(), folder: 'test-results/long', say: console.log })
  console.log(`${parts.length - failed} of ${parts.length} parts passed`)
  process.exitCode = failed === 0 ? 0 : 1
}
