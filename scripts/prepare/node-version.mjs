import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

/** Returns the fault of this Node version and what to do about it; undefined when it is supported. */
export function nodeVersionProblem(version) {
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).engines.node
  if (wanted.split('||').some((range) => isInRange(version, range.trim()))) return undefined
  return [
    `Rumorscope needs Node ${wanted}; this is Node ${version}.`,
    'Get a current one from https://nodejs.org, or with a version manager: nvm install 24 && nvm use 24',
  ].join('\n')
}

/** The two forms that package.json uses: ^20.19.0 (same major) and >=24.0.0. */
function isInRange(version, range) {
  const [, operator, least] = /^(\^|>=)(\d+(?:\.\d+)*)$/.exec(range) ?? []
  if (!operator) throw new Error(`package.json: engines.node: "${range}" is neither ^x.y.z nor >=x.y.z`)
  const have = numbers(version)
  const need = numbers(least)
  if (operator === '^' && have[0] !== need[0]) return false
  for (const [index, part] of need.entries()) {
    if (have[index] !== part) return have[index] > part
  }
  return true
}

function numbers(version) {
  return version.split('.').map((part) => Number.parseInt(part, 10))
}
