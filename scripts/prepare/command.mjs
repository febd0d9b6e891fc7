import { makeReady, whyNotReady } from './ready.mjs'
import { say } from './run.mjs'
import { start } from './start.mjs'

/** The first word of a command line that is not for the lab, with the program of the build that it starts. */
const PROGRAMS = { check: 'check', run: 'run', stopall: 'stopall' }

/** Runs a command line of `rumorscope`. Installs and builds as needed before. */
export async function command([first, ...rest]) {
  try {
    await makeReady()
  } catch (error) {
    say(whyNotReady(error))
    process.exitCode = 1
    return
  }
  // npm may have needed them; the lab speaks to nobody outside.
  delete process.env.NODE_EXTRA_CA_CERTS
  delete process.env.NODE_USE_SYSTEM_CA
  const program = Object.hasOwn(PROGRAMS, first ?? '') ? PROGRAMS[first] : undefined
  await (program === undefined ? start('main', first === undefined ? rest : [first, ...rest]) : start(program, rest))
}
