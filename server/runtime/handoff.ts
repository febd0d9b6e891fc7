/**
 * How bin/process and bin/stopall speak to a supervisor that runs: JSON lines over a socket in the runtime directory.
 */
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'

export const handoffSocket = (directory: string): string => join(directory, 'supervisor.sock')

export type HandoffRequest =
  /** Run this node, or let the running one listen on this port too, for as long as the connection lasts. */
  | {
      readonly type: 'run'
      readonly id: number
      readonly n: number
      readonly port: number
      readonly rootId: number | null
    }
  | { readonly type: 'stop-all' }

export type HandoffReply =
  | { readonly type: 'running' }
  /** This lab has other gossip ports; the node is none of its business. */
  | { readonly type: 'not-mine' }
  | { readonly type: 'refused'; readonly why: string }
  /** The node's end, as an exit code. */
  | { readonly type: 'ended'; readonly code: number }
  | { readonly type: 'stopped'; readonly count: number }

/** Longest line of a handoff, in bytes. */
export const MAX_HANDOFF_BYTES = 4_096

/** Connects to the supervisor; undefined when none runs. */
export function connectToSupervisor(directory: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(handoffSocket(directory))
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', () => resolve(undefined))
  })
}

/** Calls back for each line that is JSON; a line that is not, or is too long, ends the connection. */
export function readJsonLines(socket: Socket, onMessage: (message: unknown) => void) {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    try {
      for (const line of lines) onMessage(JSON.parse(line))
    } catch {
      socket.destroy()
    }
    if (rest.length > MAX_HANDOFF_BYTES) socket.destroy()
  })
}
