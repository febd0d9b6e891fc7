/** The hosts that one contract covers, each with its clock. */

import type { NodeHost } from '../../shared/lab/node-host.ts'
import { sampleHost } from '../../shared/lab/sample-host.ts'
import { simulatedHost } from '../../shared/sim/simulated-host.ts'
import { NO_SOCKETS, VirtualMachine } from '../../shared/sim/virtual-machine.ts'
import { VirtualWire } from '../../shared/sim/virtual-wire.ts'
import { processHost } from '../hosts/process-host.ts'
import { ProgramHost } from '../hosts/program/program-host.ts'
import { now } from '../platform/clock.ts'
import { all, inPython } from './foreign.ts'
import { freePorts, type Ports } from './ports.ts'
import { BUNDLE } from './processes.ts'
import { runtimeOfTest } from './runtime.ts'

export interface HostBench {
  readonly host: NodeHost
  /** Consecutive free ones. */
  readonly ports: Ports
  /** Returns the clock of the lab's machine, in ms. */
  now(): number
  /** Advances the time until a promise is fulfilled or rejected. */
  during<T>(promise: Promise<T>): Promise<T>
}

/** Maximum number of ports that one test uses. */
const PORTS = 8

const real = async (host: NodeHost): Promise<HostBench> => ({
  host,
  ports: await freePorts(PORTS),
  now,
  during: (promise) => promise,
})

export const HOSTS: Readonly<Record<string, () => Promise<HostBench>>> = {
  processes: async () => real(processHost({ bundle: BUNDLE, runtime: await runtimeOfTest() })),
  simulated: async () => {
    const machine = new VirtualMachine(NO_SOCKETS)
    return {
      host: simulatedHost(machine, new VirtualWire(machine)),
      ports: { tcp: 20_000, udp: 40_000 },
      now: machine.now,
      during: (promise) => machine.advanceUntil(promise),
    }
  },
  programs: async () => {
    const ports = await freePorts(PORTS)
    const own = processHost({ bundle: BUNDLE, runtime: await runtimeOfTest() })
    const env = { ...process.env, FOREIGN_ROOT: `${ports.udp}` }
    const host = new ProgramHost({
      programs: all(inPython('text')),
      own,
      env,
      complain() {},
    })
    return { ...(await real(host)), ports }
  },
  sample: () => real(sampleHost(now)),
}
