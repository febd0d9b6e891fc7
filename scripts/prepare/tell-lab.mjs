import { statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Time after which a lab that does not respond is not waited for, in ms. */
const PATIENCE_MS = 500
/** Maximum length of a text in a handoff. */
const MAX_CHARS = 1_000

/** Reports to a running lab why a node was not ready. Never rejects. */
export function tellLab([id, n, port], why) {
  const message = {
    type: 'not-ready',
    line: `${id} start ${n} ${port}`.slice(0, MAX_CHARS),
    why: why.slice(0, MAX_CHARS),
  }
  return new Promise((done) => {
    const socket = createConnection(likelySocket(), () => socket.end(`${JSON.stringify(message)}\n`))
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('error', () => {})
    socket.on('close', done)
    socket.resume()
  })
}

/**
 * Returns the usual path of the lab's socket: server/runtime knows all paths, and cannot be loaded before there is a
 * build. A lab elsewhere, as on Windows or in a folder with a very long name, gets no report.
 */
function likelySocket() {
  const { RUMORSCOPE_RUNTIME: named, XDG_RUNTIME_DIR: session } = process.env
  const within = named ? named : session && statSync(session, { throwIfNoEntry: false }) ? session : tmpdir()
  return join(within, `rumorscope-${process.getuid?.() ?? 'user'}`, 'supervisor.sock')
}
