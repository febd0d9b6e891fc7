/** Ends the process under a Node that is too old: a build may be run by another Node than the one that made it. */
import { EXIT } from '../node-link.ts'
import { fail } from './say.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
// As in package.json.
if (major < 20 || (major === 20 && minor < 19))
  fail(`Rumorscope needs Node 20.19 or later; this is Node ${process.versions.node}`, EXIT.failed)
