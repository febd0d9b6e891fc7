/**
 * One gossip process. Started by a supervisor it is a node of a lab. Started by hand or by proxy.py it asks a running
 * supervisor to run the node, so that the page shows it, and stays for as long as the node lives; without a supervisor
 * it is the node itself.
 */
// Must come first: an older Node cannot even load the other modules.
import './least-node.ts'
import { existsSync } from 'node:fs'
import { faultWords } from '../../shared/text/refusal.ts'
import { EXIT, KEY_VARIABLE, SUPERVISED } from '../platform/node-link.ts'
import { expectedWords } from '../platform/refusal.ts'
import { ensureRuntimeDirectory, runtimeDirectory } from '../platform/runtime/directory.ts'
import { handoffSocket } from '../platform/runtime/handoff.ts'
import { parseArguments, parseRootId, parseSeed } from './arguments.ts'
import { runInLab, tellLab } from './in-lab.ts'
import { keyProblem } from './key.ts'
import { fail, say } from './say.ts'
import { runStandalone } from './standalone.ts'
import { runSupervised } from './supervised.ts'
import { setV8Flags } from './v8-flags.ts'

// A supervisor shows the last line as the reason of the end. No code may use process.stdout and process.stderr:
// proxy.py opens /dev/null for reading in their place, and a stream that fails to write would end the node.
process.on('uncaughtException', end)

const argv = process.argv.slice(2)
const isSupervised = argv[0] === SUPERVISED && process.connected
const running = isSupervised ? runSupervised(JSON.parse(argv[1] ?? '')) : runByHand()
running.then(() => compileSoon(), end)

/**
 * A node does little and does it seldom: by default, the V8 of Node 20 would interpret it for hours. So each function
 * gets its plain machine code at its first call, and optimised code soon, but not so soon that optimisation holds up
 * the first messages. The flags must wait until the node is ready: V8 compiles later parts of Node itself when a flag
 * has changed, instead of taking them from its cache, which takes 1 ms.
 */
const compileSoon = () => setV8Flags('--always-sparkplug', '--interrupt-budget=10000')

/** One sentence, and the stack if the error is internal. */
function end(error: Error): never {
  const words = expectedWords(error)
  if (words === undefined) for (const line of (error.stack ?? '').split('\n')) say(2, line)
  return fail(words ?? faultWords(error), EXIT.failed)
}

async function runByHand() {
  const rootId = parseRootId(process.env.RUMORSCOPE_ROOT_ID)
  if (typeof rootId === 'string') return refuse(rootId)
  const args = parseArguments(argv, rootId)
  if (typeof args === 'string') return refuse(args)
  const seed = parseSeed(process.env.RUMORSCOPE_SEED)
  if (typeof seed === 'string') return refuse(seed)
  const problem = keyProblem(process.env[KEY_VARIABLE])
  if (problem !== undefined) return refuse(problem)
  const directory = runtimeDirectory(process.env, (what) => say(2, `process: ${what}`))
  // Must come before anything in the folder is trusted.
  ensureRuntimeDirectory(directory)
  // A lab gives its nodes a key of its own; a node with another one does not belong to it.
  if (!process.env[KEY_VARIABLE] && existsSync(handoffSocket(directory))) {
    const explicitRootId = process.env.RUMORSCOPE_ROOT_ID ? rootId : null
    if (await runInLab(directory, args, explicitRootId)) return
  }
  await runStandalone(directory, args, rootId, seed)
}

/** A running lab gets a report of invalid arguments, too: proxy.py discards the output of a process. */
async function refuse(why: string): Promise<never> {
  await tellLab(argv, why)
  return fail(why, EXIT.usage)
}
