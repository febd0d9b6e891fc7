/** Watches the receive buffers of programs: the gate hands a datagram over, and a full buffer loses it (proc(5)). */
import { readProc, udpRowsOf } from '../../platform/proc.ts'

const LOOK_EVERY_MS = 1_000

export interface OverflowOptions {
  /** A process in the network of the programs. */
  readonly pid: number
  /** The buffer of this UDP port has lost some, so many in all since its socket was opened. */
  readonly onOverflow: (port: number, lost: number) => void
}

export class OverflowWatch {
  readonly #options: OverflowOptions
  readonly #timer: NodeJS.Timeout
  /** By socket: the number of lost datagrams that it has reported. */
  #told = new Map<string, number>()

  constructor(options: OverflowOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  stop() {
    clearInterval(this.#timer)
  }

  #look() {
    const { pid, onOverflow } = this.#options
    const rows = ['udp', 'udp6'].flatMap((table) => udpRowsOf(readProc(`/proc/${pid}/net/${table}`)))
    const told = this.#told
    this.#told = new Map(rows.map(({ inode, drops }) => [inode, drops]))
    for (const { port, inode, drops } of rows) if (drops > (told.get(inode) ?? 0)) onOverflow(port, drops)
  }
}
