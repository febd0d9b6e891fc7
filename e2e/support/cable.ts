/** A cable between page and lab that a test can cut and restore: forwards TCP from a port of its own. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Cable {
  readonly url: string
  /** Cuts all connections, and all later ones. */
  pull(): void
  /** To the lab that it came from, or another one. */
  plugIn(to?: string): void
  close(): void
}

export async function layCable(to: string): Promise<Cable> {
  let port = Number(new URL(to).port)
  const open = new Set<Socket>()
  let pulled = false
  const server = createServer((near) => {
    if (pulled) {
      near.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(end)
      end.on('error', () => end.destroy())
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
      end.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull: () => {
      pulled = true
      cut()
    },
    plugIn: (other) => {
      if (other !== undefined) port = Number(new URL(other).port)
      pulled = false
    },
    close: () => {
      cut()
      server.close()
    },
  }
}
