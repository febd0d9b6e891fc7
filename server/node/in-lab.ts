import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { EXIT, NODE_START_TIMEOUT_MS } from '../platform/node-link.ts'
import { ensureRuntimeDirectory, runtimeDirectory } from '../platform/runtime/directory.ts'
import type { HandoffReply, HandoffRequest } from '../platform/runtime/handoff.ts'
import { connectToSupervisor, readJsonLines } from '../platform/runtime/handoff.ts'
import type { Arguments } from './arguments.ts'
import { tellIfLate } from './late.ts'
import { fail } from './say.ts'

/** Time after which a lab that does not take its report is not waited for, in ms. */
const TELL_PATIENCE_MS = 500
/** Maximum length of a line and of a reason in a handoff. */
const MAX_TOLD_CHARS = 500

const requestLine = (request: HandoffRequest) => `${JSON.stringify(request)}\n`

/**
 * Asks the running supervisor to run the node. Resolves with true when it does, or said why not: this process then
 * lives as long as the node and ends as it ends. Resolves with false without a supervisor, or when the node does not
 * concern it.
 */
export async function runInLab(directory: string, args: Arguments, rootId: number | null): Promise<boolean> {
  const socket = await connectToSupervisor(directory)
  if (!socket) return false
  const { id, n, port } = args
  socket.write(requestLine({ type: 'run', id, n, port, rootId }))
  return new Promise((resolve) => {
    let running = false
    const patience = setTimeout(
      () => fail('the lab does not respond; its process may be suspended', EXIT.failed),
      2 * NODE_START_TIMEOUT_MS,
    )
    socket.on('close', () => {
      if (running) process.exit(EXIT.orphaned)
      clearTimeout(patience)
      resolve(false)
    })
    socket.on('error', () => {})
    readJsonLines(socket, (message) => {
      const reply = message as HandoffReply
      clearTimeout(patience)
      switch (reply.type) {
        case 'running':
          running = true
          tellIfLate((why) => socket.write(requestLine({ type: 'not-ready', line: `${id} start ${n} ${port}`, why })))
          resolve(true)
          break
        case 'ended':
          process.exit(reply.code)
          break
        case 'refused':
          fail(reply.why, EXIT.failed)
          break
        case 'not-mine':
          socket.destroy()
          break
        case 'stopped':
      }
    })
  })
}

/** Reports to a running lab why a node with these arguments does not start. Never rejects. */
export async function tellLab([id = '', ...rest]: readonly string[], why: string): Promise<void> {
  const line = [id, 'start', ...rest].join(' ').slice(0, MAX_TOLD_CHARS)
  try {
    const directory = runtimeDirectory(process.env)
    const socket = existsSync(directory) && (await connectToSupervisor(ensureRuntimeDirectory(directory)))
    if (!socket) return
    socket.setTimeout(TELL_PATIENCE_MS, () => socket.destroy())
    socket.resume().end(requestLine({ type: 'not-ready', line, why: why.slice(0, MAX_TOLD_CHARS) }))
    await once(socket, 'close')
  } catch {
    // There is nobody else to inform.
  }
}
