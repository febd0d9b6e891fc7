/** Ends every node that this software started for this user, and no other process. */
import { setTimeout as wait } from 'node:timers/promises'
import { plural } from '../../shared/text/format.ts'
import { runProgram } from '../platform/fault.ts'
import { ensureRuntimeDirectory, runtimeDirectory } from '../platform/runtime/directory.ts'
import { clearGenerations } from '../platform/runtime/generation.ts'
import {
  connectToSupervisor,
  type HandoffReply,
  type HandoffRequest,
  readJsonLines,
} from '../platform/runtime/handoff.ts'
import { endRegistered, registeredNodes } from '../platform/runtime/registered-nodes.ts'
import { complain, print } from '../platform/terminal.ts'

const LAB_TIMEOUT_MS = 5_000

await runProgram(() => stopAll(ensureRuntimeDirectory(runtimeDirectory(process.env, complain))))

/** Returns the exit code. */
async function stopAll(directory: string): Promise<number> {
  const before = registeredNodes(directory).map(({ pid }) => pid)
  const counted = (await stopLab(directory)) + (await endRegistered(directory))
  const left = registeredNodes(directory)
  // A lab that ends meanwhile, or is too slow, does not report the number of nodes that it ended.
  const ended = Math.max(counted, before.filter((each) => left.every(({ pid }) => pid !== each)).length)
  print(`stopall: ended ${plural(ended, 'node')}`)
  // A surviving node remembers messages, and their numbers must not be used again.
  if (left.length === 0) clearGenerations(directory)
  else complain(`stopall: could not end process ${left.map(({ pid }) => pid).join(', ')}`)
  return left.length === 0 ? 0 : 1
}

/** A supervisor ends its own nodes, so that the page knows why they ended. */
async function stopLab(directory: string): Promise<number> {
  const socket = await connectToSupervisor(directory)
  if (!socket) return 0
  const request: HandoffRequest = { type: 'stop-all' }
  const stopped = new Promise<number>((resolve) => {
    readJsonLines(socket, (message) => {
      const reply = message as HandoffReply
      if (reply.type === 'stopped') resolve(reply.count)
    })
    socket.on('close', () => resolve(0))
    socket.on('error', () => resolve(0))
  })
  socket.write(`${JSON.stringify(request)}\n`)
  return Promise.race([stopped, wait(LAB_TIMEOUT_MS, 0, { ref: false })])
}
