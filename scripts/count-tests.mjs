/**
 * node scripts/count-tests.mjs <results> <exit code>
 *
 * Ends a run of all checks: reads vitest's results as JSON and the exit code of `npm run test:all`, prints "N passed, N
 * failed" as a line of its own, and fails if any test did, or none ran.
 */
import { readFileSync } from 'node:fs'

const [path, exitCode] = process.argv.slice(2)
const { passed, failed, skipped } = countTests(path)
if (skipped > 0) console.log(`${skipped} skipped`)
// Types, lint, dead code, an error between two tests, or the time limit.
const otherFailure = exitCode !== '0' && failed === 0
if (otherFailure) console.log(`the checks failed with exit code ${exitCode}, though no test did`)
console.log(`${passed} passed, ${failed + (otherFailure ? 1 : 0)} failed`)
process.exitCode = failed > 0 || otherFailure || passed === 0 ? 1 : 0

function countTests(file) {
  let results
  try {
    results = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    console.log('no test has run')
    return { passed: 0, failed: 0, skipped: 0 }
  }
  // A file that could not be loaded has no tests to count.
  const broken = results.testResults.filter((it) => it.status === 'failed' && it.assertionResults.length === 0)
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}
