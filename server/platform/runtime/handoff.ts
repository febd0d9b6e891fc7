/** Lets bin/process and bin/stopall speak to a running supervisor: JSON lines over a socket in the runtime folder. */
import { realpathSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { ensureRuntimeDirectory, ownFolder } from './directory.ts'

/**
 * Maximum path length of a socket: 104 bytes on macOS, 108 on Linux, with the zero at its end. The system truncates a
 * longer one silently, and the socket would be somewhere else.
 */
const MAX_SOCKET_PATH_BYTES = 103

/**
 * Returns the path of the supervisor's socket. It is in the runtime folder, which must exist; if that path is too long,
 * in our folder in /tmp, under a name that depends only on the runtime folder. On Windows it is a named pipe.
 * @throws FolderRefusal when our folder in /tmp cannot be used.
 */
export function handoffSocket(directory: string, platform = process.platform): string {
  if (platform === 'win32') return `\\\\.\\pipe\\rumorscope-${shortName(directory)}`
  const path = join(directory, 'supervisor.sock')
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path
  return join(ensureRuntimeDirectory(ownFolder('/tmp')), `${shortName(realpathSync(directory))}.sock`)
}

/** Loads node:crypto on demand: a node starts without it. */
const shortName = (directory: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(directory).digest('hex').slice(0, 16)

export type HandoffRequest =
  /** Requests to run this node, or to open this port of the running one too, for as long as the connection lasts. */
  | {
      readonly type: 'run'
      readonly id: number
      readonly n: number
      readonly port: number
      readonly rootId: number | null
    }
  /** Reports that a node started by this line is not ready, or was not in time. There is no answer. */
  | { readonly type: 'not-ready'; readonly line: string; readonly why: string }
  | { readonly type: 'stop-all' }

export type HandoffReply =
  | { readonly type: 'running' }
  /** This lab has other gossip ports; the node does not concern it. */
  | { readonly type: 'not-mine' }
  | { readonly type: 'refused'; readonly why: string }
  /** The node's end, as an exit code. */
  | { readonly type: 'ended'; readonly code: number }
  | { readonly type: 'stopped'; readonly count: number }

/** Maximum length of a handoff line, in bytes. */
export const MAX_HANDOFF_BYTES = 4_096

/**
 * Connects to the supervisor. Resolves with undefined when none runs.
 * @throws (rejects) FolderRefusal as handoffSocket does.
 */
export async function connectToSupervisor(directory: string): Promise<Socket | undefined> {
  const path = handoffSocket(directory)
  return new Promise((resolve) => {
    const socket = createConnection(path)
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
