/** A host whose nodes run on a virtual machine: the shell of a real node, on the clock and wire of the simulator. */
import type { NodeHost } from '../lab/node-host.ts'
import { LabRefusal } from '../lab/refusal.ts'
import { MAX_NODES } from '../model/lab-settings.ts'
import { SimulatedNode } from './simulated-node.ts'
import type { VirtualMachine } from './virtual-machine.ts'
import { startVirtualProcess } from './virtual-process.ts'
import type { VirtualWire } from './virtual-wire.ts'

/** Maximum number of nodes that are all linked to each other: 8,128 links. */
const MAX_IN_MESH = 128

/**
 * The same commands at the same times of the machine, with the same seeds, give the same reports at the same times.
 * Nodes with a key seal with the machine's stand-in, which keeps no secret.
 */
export const simulatedHost = (machine: VirtualMachine, wire: VirtualWire): NodeHost => ({
  mostNodes: MAX_NODES,
  whyNot: ({ n, topology }) =>
    topology === 'mesh' && n > MAX_IN_MESH ? `a full mesh has at most ${MAX_IN_MESH} nodes in this lab` : undefined,
  start: (start, events) => new SimulatedNode(startVirtualProcess(machine, wire), start, events),
  async whyTaken({ n, basePort, rootId }, own) {
    const ids = Array.from({ length: n }, (_, id) => id)
    const tcp = ids.map((id) => basePort + id).filter((port) => wire.isTcpTaken(port) && !own.tcp.has(port))
    const udp = ids.map((id) => rootId + id).filter((port) => wire.udpSocketAt(port) && !own.udp.has(port))
    const taken = [...tcp.map((port) => `TCP ${port}`), ...udp.map((port) => `UDP ${port}`)]
    return taken.length === 0 ? undefined : `ports in use on the virtual wire: ${taken.join(', ')}; take others`
  },
  async requireFree(tcp, udp) {
    if (wire.isTcpTaken(tcp)) throw new LabRefusal(`TCP port ${tcp} is in use; choose another port`)
    if (wire.udpSocketAt(udp)) throw new LabRefusal(`UDP port ${udp} is in use; take other ports for all nodes`)
  },
  afterInstant: (call) => machine.afterInput(call),
  sockets: {
    at: async (port) => wire.udpSocketAt(port),
    isTaken: async (port) => wire.udpSocketAt(port) !== undefined,
  },
})
