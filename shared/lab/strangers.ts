/** Detects a program outside the lab on the UDP port of a node that does not run. */

import type { LabSettings } from '../model/lab-settings.ts'
import type { Timer } from '../node/platform.ts'
import type { LabPlatform } from './lab-platform.ts'
import type { UdpSockets } from './node-host.ts'

/** Time between two looks, in ms. */
export const LOOK_EVERY_MS = 500

export interface StrangersOptions {
  readonly platform: Pick<LabPlatform, 'every' | 'cancel'>
  readonly sockets: UdpSockets
  settings(): Pick<LabSettings, 'n' | 'rootId'>
  /** Returns whether the lab has such a node, and it neither runs nor starts now. */
  readonly isVacant: (node: number) => boolean
  /** Called when a stranger has taken a node's port, or has left it. A node that starts has none. */
  readonly onChange: (node: number, present: boolean) => void
}

export class Strangers {
  readonly #options: StrangersOptions
  readonly #timer: Timer
  /** By node: the socket found at the last look. */
  #seen: ReadonlyMap<number, string> = new Map()
  /** Nodes with a stranger on their port, as last reported. */
  readonly #told = new Set<number>()

  constructor(options: StrangersOptions) {
    this.#options = options
    this.#timer = options.platform.every(LOOK_EVERY_MS, () => void this.#look())
  }

  close() {
    this.#options.platform.cancel(this.#timer)
  }

  /** Returns whether a stranger has a port now. */
  async isAt(port: number): Promise<boolean> {
    const isTaken = await this.#options.sockets.isTaken(port)
    return isTaken && this.#options.isVacant(port - this.#options.settings().rootId)
  }

  async #look() {
    const { isVacant, settings } = this.#options
    const ids = Array.from({ length: settings().n }, (_, id) => id)
    const found = new Map<number, string>()
    await Promise.all(ids.filter(isVacant).map((id) => this.#lookAt(id, found)))
    // The node may have been started in the meantime.
    for (const id of this.#told) if (!isVacant(id)) this.#told.delete(id)
    for (const id of ids) if (isVacant(id)) this.#tell(id, found.get(id))
    this.#seen = found
  }

  async #lookAt(id: number, found: Map<number, string>) {
    const socket = await this.#options.sockets.at(this.#options.settings().rootId + id)
    if (socket) found.set(id, socket.inode)
  }

  /**
   * A stranger counts when the second look finds the same socket: the lab itself tries ports before it starts a node.
   */
  #tell(id: number, inode: string | undefined) {
    const wasTold = this.#told.has(id)
    const isThere = inode !== undefined && (wasTold || inode === this.#seen.get(id))
    if (isThere === wasTold) return
    if (isThere) this.#told.add(id)
    else this.#told.delete(id)
    this.#options.onChange(id, isThere)
  }
}
