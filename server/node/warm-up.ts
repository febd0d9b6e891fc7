/**
 * Runs the code of a node before its first message, so that V8 has compiled and optimised it by then: a course script
 * sees only nodes that have just started.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { GossipNode } from '../../shared/node/gossip-node.ts'
import { Rehearsal } from '../../shared/node/rehearsal.ts'
import { now } from '../platform/clock.ts'
import { LineSplitter } from '../platform/line-splitter.ts'
import { machine } from './machine.ts'
import { setV8Flags } from './v8-flags.ts'

/** Number of messages after which V8 has optimised most of what a message needs. */
export const MESSAGES = 300
/** Time without a line or datagram before the warm-up begins, in ms. */
const IDLE_MS = 50
/** Time that a line or datagram waits for the warm-up, in ms, unless V8 is compiling. */
const SLICE_MS = 1
/** Time between two slices, in ms: other nodes on the same processor have work to do. */
const PAUSE_MS = 3
/** V8's own factor by which the space for new objects grows. */
const USUAL_GROWTH = 2

/**
 * Warms up until a line or datagram comes: from then on the node's own work does it, and code that V8 has optimised for
 * that work must not lose its assumptions to a rehearsal. Resolves with the number of messages played.
 */
export async function warmUp(node: Pick<GossipNode, 'inputs'>): Promise<number> {
  const before = node.inputs
  await wait(IDLE_MS)
  if (node.inputs !== before) return 0
  const rehearsal = await Rehearsal.begin(machine)
  const splitter = new LineSplitter(() => {})
  let played = 0
  while (played < MESSAGES && node.inputs === before) {
    played = playSlice(rehearsal, splitter, played)
    await wait(PAUSE_MS)
  }
  return played
}

/** Returns the number of messages that have been played by now. */
function playSlice(rehearsal: Rehearsal, splitter: LineSplitter, playedBefore: number): number {
  // Otherwise V8 gives the short-lived objects of the rehearsal 3 MB, and never takes them back.
  setV8Flags('--semi-space-growth-factor=1')
  let played = playedBefore
  for (const until = now() + SLICE_MS; played < MESSAGES && now() < until; played += 1)
    for (const line of splitter.lines(Buffer.from(`msg ${played} text${played}\n`))) rehearsal.play(line)
  setV8Flags(`--semi-space-growth-factor=${USUAL_GROWTH}`)
  return played
}
