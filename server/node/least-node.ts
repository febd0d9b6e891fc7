/** Ends the process under an unsupported Node version: the build may come from another version. */
import { EXIT } from '../platform/node-link.ts'
import { fail } from './say.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
// As in package.json. Versions 21 and 23, and the first ones of 22, lack functions of 20.19: node:zlib's crc32 for
// example.
const isEnough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
if (!isEnough)
  fail(`Rumorscope needs Node 20.19, 22.12, 24 or later; this is Node ${process.versions.node}`, EXIT.failed)
