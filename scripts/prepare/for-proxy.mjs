import { note } from './log.mjs'
import { isPackage } from './package.mjs'
import { makeReady, whyNotReady } from './ready.mjs'
import { isHeard, say } from './run.mjs'
import { tellLab } from './tell-lab.mjs'

const TRY_AGAIN = 75

/** Installs and builds as needed, for a program that proxy.py started. Sets the exit code. */
export async function prepareForProxy(program, args) {
  const began = performance.now()
  const tell = (why) => {
    note(program, args, why)
    return program === 'process' ? tellLab(args, why) : undefined
  }
  const told = []
  if (!isPackage())
    told.push(
      tell(
        'not ready: Rumorscope is installed and built first, in some 15 s, and proxy.py waits 1 s; run npm start once before',
      ),
    )
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
}
