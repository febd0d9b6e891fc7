/**
 * As prepare.cjs, for bin/process and bin/stopall without a build: proxy.py waits 1 s for a process and discards its
 * output, so reports go to the log that RUMORSCOPE_LOG names, and to a running lab.
 *
 *   node scripts/prepare-for-proxy.cjs process <id> <n> <port>
 *   node scripts/prepare-for-proxy.cjs stopall
 *
 * Exit code 0: the program can run. 75: it could, but proxy.py has given it up by now. 1: it cannot.
 */
const [program = '', ...args] = process.argv.slice(2)
require('./prepare/node-version.cjs').refuseAncientNode(program)

import('./prepare/for-proxy.mjs').then(({ prepareForProxy }) => prepareForProxy(program, args))
