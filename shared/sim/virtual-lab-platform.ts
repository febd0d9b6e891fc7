import { createRandom } from '../gossip/random.ts'
import type { LabPlatform } from '../lab/lab-platform.ts'
import { faultWords } from '../text/refusal.ts'
import type { VirtualMachine } from './virtual-machine.ts'

/** The characters of base64url. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Returns the platform of a lab on a virtual machine: its names, keys and seeds follow from one seed, so its keys can
 * be guessed. `onFault` takes unforeseen errors.
 */
export function virtualLabPlatform(
  machine: VirtualMachine,
  seed: number,
  onFault: (error: unknown) => void,
): LabPlatform {
  const { now, wallClock, every, cancel } = machine
  const random = createRandom(seed)
  const letters = (count: number) => Array.from({ length: count }, () => LETTERS[random.below(64)]).join('')
  return {
    now,
    wallClock,
    every,
    cancel,
    rate: () => machine.rate,
    newId: () => letters(22),
    newKey: () => letters(43),
    newSeed: () => random.below(2 ** 31),
    tellFault(error) {
      onFault(error)
      return faultWords(error)
    },
  }
}
