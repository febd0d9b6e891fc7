import type { Platform } from '../node/platform.ts'

/** What a lab needs of the machine it runs on. */
export interface LabPlatform extends Pick<Platform, 'now' | 'wallClock' | 'every' | 'cancel'> {
  /** Returns how fast its time runs: 1 as real time, 0 while it is stopped. */
  rate(): number
  /** A name that nothing else has. */
  newId(): string
  /** A key that nobody can guess. */
  newKey(): string
  /** A seed for dice, below 2^31. */
  newSeed(): number
  /** Notes an error that nobody has foreseen, and gives the words for who asked. */
  tellFault(error: unknown): string
}
