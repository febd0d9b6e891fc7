import { setTimeout as wait } from 'node:timers/promises'
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { GossipNode } from '../../shared/node/gossip-node.ts'
import { GRACE_AT_MOST_MS } from '../../shared/node/grace.ts'
import { NO_FAULTS } from '../../shared/node/node-faults.ts'
import { now } from '../platform/clock.ts'
import { EXIT } from '../platform/node-link.ts'
import { keepGeneration, takeGeneration } from '../platform/runtime/generation.ts'
import { register, unregister } from '../platform/runtime/registry.ts'
import { explainStart, systemWords } from '../platform/system-errors.ts'
import type { Arguments } from './arguments.ts'
import { takeKey } from './key.ts'
import { tellIfLate } from './late.ts'
import { openLineInterface } from './line-interface.ts'
import { machine } from './machine.ts'
import { note } from './process-log.ts'
import { fail, say } from './say.ts'
import { warmUp } from './warm-up.ts'

const MAX_PORT = 65_535
/** Grace period of a node's previous life plus the delays of a busy machine, in ms. proxy.py waits 1 s for a node. */
const LAST_LIFE_ENDS_WITHIN_MS = GRACE_AT_MOST_MS + 450
const LOOK_EVERY_MS = 5

/** Runs a standalone node: neighbours on the line, no reports. `directory` is the runtime folder, which must exist. */
export async function runStandalone(directory: string, args: Arguments, rootId: number, seed: number) {
  const { id, n, port: tcp } = args
  const port = rootId + id
  const inside = (neighbour: number) => neighbour >= 0 && neighbour < n
  const onTheLine = [id - 1, id + 1].filter((neighbour) => neighbour >= 0 && rootId + neighbour <= MAX_PORT)
  const leave = (code: number) => {
    unregister(directory, port)
    process.exit(code)
  }
  // Must wait for a client: the optimised code takes several MB, and most nodes of a long line have none.
  const openLines: typeof openLineInterface = async (port, handler) => {
    const server = await openLineInterface(port, handler)
    server.once('connection', () => warmUp(node))
    return server
  }
  let node: GossipNode
  try {
    node = new GossipNode({
      platform: { ...machine, openLines },
      id,
      rootId,
      port,
      seed,
      generation: takeGeneration(directory, port),
      generationIs: 'remembered',
      neighbours: onTheLine.filter(inside).map((neighbour) => rootId + neighbour),
      possibleNeighbours: onTheLine.filter((neighbour) => !inside(neighbour)).map((neighbour) => rootId + neighbour),
      settings: DEFAULTS,
      linkDelayMs: 0,
      faults: NO_FAULTS,
      ...takeKey(),
      onNewLife: (generation, shownBy) => noteNewLife(directory, port, generation, shownBy),
      onCrash: () => leave(EXIT.crashed),
    })
    await startOnceFree(node, tcp)
    register(directory, port)
    tellIfLate()
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => leave(EXIT.ok))
    say(1, `node ${id} of ${n}: TCP ${tcp}, UDP ${port}, seed ${seed}`)
  } catch (error) {
    fail(explainStart(error as Error), EXIT.failed)
  }
}

/** A node that cannot save its new generation continues: a neighbour will show it again that it was lost. */
function noteNewLife(directory: string, port: number, generation: number, shownBy: number) {
  const why = `port ${shownBy} knows a generation of this node that it has lost; the node continues in generation ${generation}`
  say(2, `process: ${why}`)
  note(why)
  try {
    keepGeneration(directory, port, generation)
  } catch (error) {
    say(2, `process: generation ${generation} cannot be saved: ${systemWords(error as Error)}`)
  }
}

/** Starts the node. While its UDP port is in use, the node's previous life may still be in its grace period. */
async function startOnceFree(node: GossipNode, tcp: number): Promise<void> {
  const patientUntil = now() + LAST_LIFE_ENDS_WITHIN_MS
  for (;;) {
    try {
      return await node.start([tcp])
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE' || syscall !== 'bind' || now() > patientUntil) throw error
      await wait(LOOK_EVERY_MS)
    }
  }
}
