/**
 * A lab of 64 simulated nodes on a random network, in which each generation says its share of the messages and then
 * restarts every node. Statuses name every generation of every node, so they grow; the lab must not.
 * Arguments: generations, messages. Prints the heap after a collection, in MB, with all nodes in it, before and after each
 * restart as one JSON object.
 */
import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { Executor } from '../../shared/lab/executor.ts'
import { simulatedLab } from '../../shared/sim/simulated-lab.ts'

const NODES = 64
const BASE_PORT = 10_000
/** Number of messages sent before any of them has spread. */
const TOGETHER = 16

const [generations = 1, messages = 1] = process.argv.slice(2).map(Number)
const { lab, machine } = simulatedLab({
  settings: {
    n: NODES,
    topology: 'random',
    linkDelayMs: 0,
    seed: 1,
    basePort: BASE_PORT,
    rootId: 40_000,
    gossip: DEFAULTS,
  },
  seed: 1,
  onFault: (error) => {
    throw error
  },
})
const executor = new Executor(lab)

async function run(line: string) {
  const outcome = await machine.advanceUntil(executor.execute(line, 'rest'))
  if (!outcome.ok) throw new Error(`${line}: ${outcome.error}`)
}

async function look(generation: number) {
  await machine.advanceAsync(3_000)
  globalThis.gc?.()
  const heapMB = Math.round(process.memoryUsage().heapUsed / 1e6)
  const { last, oldest, state } = lab.sequencer
  const messages = state.nodes[0]?.messages ?? 0
  console.log(JSON.stringify({ generation, heapMB, messages, events: last, kept: last - oldest + 1 }))
}

await machine.advanceUntil(lab.startNetwork({}))
for (let generation = 0; generation < generations; generation += 1) {
  for (let said = 0; said < messages / generations; said += 1) {
    await run(`${(said * 7 + generation) % NODES} msg 1 message-${generation}-${said}`)
    if (said % TOGETHER === TOGETHER - 1) await machine.advanceAsync(50)
  }
  await look(generation)
  for (let id = 0; id < NODES; id += 1) {
    await run(`${id} crash`)
    await run(`${id} start ${NODES} ${BASE_PORT + id}`)
  }
  await look(generation)
}
await lab.close()
