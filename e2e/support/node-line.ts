/** Speaks to a node's line interface like any client on this machine: without page and lab. */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const LISTENS_WITHIN_MS = 1_000

/** Returns a node's own answer to a line over TCP, independent of lab and page. */
export function askNode(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const lines = createInterface({ input: socket }).once('line', (text) => {
      resolve(text)
      socket.destroy()
    })
    // The reader of lines passes the error of its socket on.
    for (const source of [socket, lines]) source.on('error', reject)
    socket.on('close', () => reject(new Error(`the node at ${port} hung up`)))
    socket.write(`${line}\n`)
  })
}

/** Gives a node a line over TCP and disconnects. A missing or ending node hears nothing. */
export function tellNode(port: number, line: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`${line}\n`))
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
    socket.setTimeout(LISTENS_WITHIN_MS, () => socket.destroy())
  })
}
