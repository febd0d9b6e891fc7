'use strict'
/**
 * Tells whether this Node is supported. It keeps to the syntax and the module names of Node 10, as do the programs that
 * load it: an old Node must be able to say that it is too old.
 */
const fs = require('fs')
const path = require('path')

/** The first Node that loads the modules of scripts/. From there on they report an unsupported one, to a lab as well. */
const LOADS_MODULES = 18

/** Returns the fault of this Node version and what to do about it; undefined when it is supported. */
function nodeVersionProblem(version) {
  const manifest = path.join(__dirname, '..', '..', 'package.json')
  const wanted = JSON.parse(fs.readFileSync(manifest, 'utf8')).engines.node
  if (wanted.split('||').some((range) => isInRange(version, range.trim()))) return undefined
  return [
    `Rumorscope needs Node ${inWords(wanted)}; this is Node ${version}.`,
    'Get a current one from https://nodejs.org, or with a version manager: nvm install 24 && nvm use 24',
  ].join('\n')
}

/**
 * Ends the process under a Node that is too old for the modules of scripts/. The reason goes to stderr and to the log
 * that RUMORSCOPE_LOG names: proxy.py discards the output. `program` is its name.
 */
function refuseAncientNode(program) {
  const version = process.versions.node
  const problem = numbers(version)[0] < LOADS_MODULES ? nodeVersionProblem(version) : undefined
  if (problem === undefined) return
  console.error(problem)
  const log = process.env.RUMORSCOPE_LOG
  const args = process.argv.slice(2).join(' ')
  try {
    if (log) fs.appendFileSync(log, `${new Date().toISOString()} ${program} ${args}: not ready: ${problem}\n`)
  } catch (_) {
    // There is no other place.
  }
  process.exit(1)
}

/** Returns `20.19, 22.12, 24 or later` for `^20.19.0 || ^22.12.0 || >=24.0.0`. */
function inWords(wanted) {
  const versions = wanted.split('||').map((range) => range.replace(/[^\d.]/g, '').replace(/(\.0)+$/, ''))
  return `${versions.join(', ')} or later`
}

/** The two forms that package.json uses: ^20.19.0 (same major) and >=24.0.0. */
function isInRange(version, range) {
  const parts = /^(\^|>=)(\d+(?:\.\d+)*)$/.exec(range)
  if (!parts) throw new Error(`package.json: engines.node: "${range}" is neither ^x.y.z nor >=x.y.z`)
  const have = numbers(version)
  const need = numbers(parts[2])
  if (parts[1] === '^' && have[0] !== need[0]) return false
  const differs = need.findIndex((part, index) => part !== have[index])
  return differs === -1 || have[differs] > need[differs]
}

function numbers(version) {
  return version.split('.').map((part) => Number.parseInt(part, 10))
}

exports.nodeVersionProblem = nodeVersionProblem
exports.refuseAncientNode = refuseAncientNode
