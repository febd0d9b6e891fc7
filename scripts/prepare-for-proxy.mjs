/**
 * As prepare.mjs, for bin/process and bin/stopall without a build: proxy.py waits 1 s for a process and discards its
 * output, so reports go to the log that RUMORSCOPE_LOG names, and to a running lab.
 *
 *   node scripts/prepare-for-proxy.mjs process <id> <n> <port>
 *   node scripts/prepare-for-proxy.mjs stopall
 *
 * Exit code 0: the program can run. 75: it could, but proxy.py has given it up by now. 1: it cannot.
 */
import { note } from './prepare/log.mjs'
import { makeReady, whyNotReady } from './prepare/ready.mjs'
import { isHeard, say } from './prepare/run.mjs'
import { tellLab } from './prepare/tell-lab.mjs'

const TRY_AGAIN = 75

const [program = '', ...args] = process.argv.slice(2)
const began = performance.now()

const told = [
  tell(
    'not ready: Rumorscope is installed and built first, in some 15 s, and proxy.py waits 1 s; run npm start once before',
  ),
]
try {
  await makeReady()
  const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`
  // A node that proxy.py gave up would occupy the ports of its next run. A reader of the output still waits for it.
  if (program === 'process' && !isHeard()) {
    told.push(tell(`not started: ready after ${seconds}, too late for proxy.py; run proxy.py again`))
    process.exitCode = TRY_AGAIN
  } else note(program, args, `ready after ${seconds}`)
} catch (error) {
  const why = whyNotReady(error)
  say(why)
  told.push(tell(`not ready: ${why}`))
  process.exitCode = 1
}
await Promise.all(told)

function tell(why) {
  note(program, args, why)
  return program === 'process' ? tellLab(args, why) : undefined
}
