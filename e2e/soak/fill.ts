/** Fills all bounded memory of a lab and its pages at its beginning: later growth is a leak. */

import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_PAST_EVENTS } from '../../shared/model/past-bounds.ts'
import type { Subject } from './subject.ts'

/** Nine nodes that compare with one another twenty times a second make thousands of events a second. */
const BUSY = ['network 9 mesh', 'delay 0', 'set antiEntropyMs=50']
/** Far beyond the usual time. */
const LIMIT_MS = 300_000
const LOOK_EVERY_MS = 1_000

export async function fillEventLog(subject: Subject): Promise<void> {
  for (const line of BUSY) await subject.command(line)
  const until = performance.now() + LIMIT_MS
  for (let events = 0; events <= MAX_PAST_EVENTS; events = (await subject.state()).last) {
    if (performance.now() > until)
      throw new Error(`only ${events} events in ${LIMIT_MS / 1_000} s: the lab makes no progress`)
    await sleep(LOOK_EVERY_MS)
  }
  for (const line of ['set antiEntropyMs=10000', 'delay 20']) await subject.command(line)
}
