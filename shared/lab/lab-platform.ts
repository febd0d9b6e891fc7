import type { Platform } from '../node/platform.ts'

/** The port between a lab and its machine. */
export interface LabPlatform extends Pick<Platform, 'now' | 'wallClock' | 'every' | 'cancel'> {
  /** Returns the pace of its time: 1 is real time, 0 is stopped. */
  rate(): number
  /** Returns a unique name. */
  newId(): string
  /** Returns a key that cannot be guessed. */
  newKey(): string
  /** Returns a seed for a random generator, below 2^31. */
  newSeed(): number
  /** Logs an unforeseen error, and returns the words for the caller. */
  tellFault(error: unknown): string
}
