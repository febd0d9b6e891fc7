/** A host whose nodes are processes of this machine. */

import type { NodeEvents, NodeHandle, NodeHost, NodeStart } from '../../shared/lab/node-host.ts'
import { LabRefusal } from '../../shared/lab/refusal.ts'
import { MAX_PROCESSES } from '../../shared/model/lab-settings.ts'
import { unregister } from '../platform/runtime/registry.ts'
import { explainStart, systemWords } from '../platform/system-errors.ts'
import { NodeProcess } from './node-process.ts'
import { bindTcp, bindUdp, explainTakenPorts } from './ports.ts'
import type { Inside } from './spawn-node.ts'
import { udpSockets } from './udp-sockets.ts'

export interface ProcessHostOptions {
  /** Program file of each node. */
  readonly bundle: string
  /** Runtime folder in which nodes register. */
  readonly runtime: string
}

export interface ProcessHost extends NodeHost {
  /** `inside` starts the process in another network. */
  start(start: NodeStart, events: NodeEvents, inside?: Inside): NodeHandle
}

export const processHost = ({ bundle, runtime }: ProcessHostOptions): ProcessHost => ({
  mostNodes: MAX_PROCESSES,
  start: ({ key, ...start }, events, inside) =>
    new NodeProcess({
      ...events,
      ...(inside ? { inside } : {}),
      config: { ...start, runtime },
      key,
      bundle,
      onEnd(end, stderr) {
        unregister(runtime, start.rootId + start.id)
        events.onEnd(end, stderr)
      },
    }),
  whyTaken: ({ n, basePort, rootId }, own) => explainTakenPorts(n, basePort, rootId, own).catch(systemWords),
  async requireFree(tcp, udp) {
    try {
      await Promise.all([bindTcp(tcp), bindUdp(udp)])
    } catch (error) {
      throw new LabRefusal(explainStart(error as Error))
    }
  },
  sockets: udpSockets(),
})
