/** Tells a package, which comes with its build, from a checkout, which makes its own. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

export const isPackage = () => !existsSync(join(ROOT, 'vite.config.ts'))

const AGAIN = 'install Rumorscope again'

/** Returns words for a program of the build that cannot be loaded. */
export const damageWords = ({ message }) =>
  `the build in dist is damaged (${message}); ${isPackage() ? AGAIN : 'run npm run build to rebuild it'}`

/** Returns words for a package without a file of its build. */
export const incompleteWords = (path) => `rumorscope: this installation has no ${path}: ${AGAIN}`
