import { Lab } from '../lab/lab.ts'
import type { LabOrigin } from '../lab/lab-origin.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import { simulatedHost } from './simulated-host.ts'
import { virtualLabPlatform } from './virtual-lab-platform.ts'
import { NO_SOCKETS, VirtualMachine } from './virtual-machine.ts'
import { VirtualWire } from './virtual-wire.ts'

export interface SimulatedLab {
  readonly lab: Lab
  /** The clock of the lab and its nodes: nothing happens until the caller advances the time. */
  readonly machine: VirtualMachine
  readonly wire: VirtualWire
}

export interface SimulatedLabOptions {
  readonly settings: LabSettings
  /** Where the lab goes on, with these settings: see `fork.ts`. Its nodes then run after `lab.resume()`. */
  readonly origin?: LabOrigin
  /** Seed of all randomness, together with the seed of the settings. */
  readonly seed: number
  /** Takes unforeseen errors. */
  onFault(error: unknown): void
  /** Returns when the lab begins, in ms since 1970; by default that of the machine. */
  readonly wallClock?: () => number
}

/** Returns a lab of simulated nodes. None runs yet. */
export function simulatedLab({ settings, seed, onFault, wallClock, origin }: SimulatedLabOptions): SimulatedLab {
  const machine = new VirtualMachine(NO_SOCKETS, origin?.state.at)
  const wire = new VirtualWire(machine)
  const platform = { ...virtualLabPlatform(machine, seed, onFault), ...(wallClock ? { wallClock } : {}) }
  const host = simulatedHost(machine, wire)
  return { lab: new Lab({ settings: { ...settings, simulated: true }, host, platform, origin }), machine, wire }
}
