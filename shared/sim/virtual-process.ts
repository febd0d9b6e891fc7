import type { Platform, Timer } from '../node/platform.ts'
import type { VirtualMachine } from './virtual-machine.ts'
import type { VirtualWire } from './virtual-wire.ts'

export interface VirtualProcess {
  readonly platform: Platform
  /** Ends its timers and closes its sockets; it can have no new ones. */
  kill(): void
}

/** Returns a process on a virtual machine: its timers and sockets end with it, as those of a real one do. */
export function startVirtualProcess(machine: VirtualMachine, wire: VirtualWire): VirtualProcess {
  const timers = new Set<Timer>()
  const sockets: { close(): void }[] = []
  let isOver = false
  const keep = (timer: Timer) => {
    if (isOver) machine.cancel(timer)
    else timers.add(timer)
    return timer
  }
  const after = (ms: number, call: () => void): Timer => {
    const timer = machine.after(ms, () => {
      timers.delete(timer)
      call()
    })
    return keep(timer)
  }
  const open = <Socket extends { close(): void }>(make: () => Socket): Socket => {
    if (isOver) throw new Error('the process has ended')
    const socket = make()
    sockets.push(socket)
    return socket
  }
  return {
    platform: {
      ...machine,
      after,
      every: (ms, call) => keep(machine.every(ms, call)),
      cancel: (timer) => {
        if (timer) timers.delete(timer)
        machine.cancel(timer)
      },
      afterInput: (call) => void after(0, call),
      openUdp: async (options) => open(() => wire.openUdp(options)),
      openLines: async (port, handler) => open(() => wire.openLines(port, handler)),
    },
    kill() {
      isOver = true
      for (const timer of timers) machine.cancel(timer)
      for (const socket of sockets) socket.close()
      timers.clear()
    },
  }
}
