/** Runs a program of the build: node scripts/start.cjs <program> [argument ...] */
require('./prepare/node-version.cjs').refuseAncientNode('rumorscope')

const [name, ...args] = process.argv.slice(2)
import('./prepare/start.mjs').then(({ start }) => start(name, args))
