/** The platform of a lab's process. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { SessionPlatform } from '../../shared/lab/client-session.ts'
import type { LabPlatform } from '../../shared/lab/lab-platform.ts'
import { faultWords } from '../../shared/text/refusal.ts'
import { now } from './clock.ts'
import { complainOf } from './fault.ts'
import { expectedWords } from './refusal.ts'

export const labMachine: LabPlatform & SessionPlatform = {
  now,
  wallClock: () => Date.now(),
  after: (ms, call) => setTimeout(call, ms),
  every: (ms, call) => setInterval(call, ms),
  cancel: (timer) => clearInterval(timer as NodeJS.Timeout | undefined),
  rate: () => 1,
  newId: () => randomUUID(),
  newKey: () => randomBytes(32).toString('base64url'),
  newSeed: () => randomInt(2 ** 31),
  tellFault(error) {
    complainOf(error)
    return expectedWords(error) ?? faultWords(error)
  },
}
