/** Events a second that the simulator handles on one core: the limit of `npm run study`. */
import { neighboursOf } from '../../shared/model/topology.ts'
import { World } from '../../shared/sim/world.ts'
import { type Measurement, rounded } from './measurement.ts'

const SIZES = [1_000, 10_000]
/** Time for the nodes to meet, and two rounds of anti-entropy, in virtual ms. */
const RUN_MS = 20_000
const TARGET = 50_000

export async function simulator(): Promise<Measurement[]> {
  // Compiles the code, as the smaller networks of a study do.
  measure(SIZES[0] ?? 0)
  return SIZES.map(measure)
}

/** A message starts at node 0 as soon as the nodes have met; the trace names each send and each input's effects. */
function measure(nodes: number): Measurement {
  let datagrams = 0
  let holders = 0
  const world = new World({
    seed: nodes,
    neighbours: neighboursOf('random', nodes, nodes),
    faults: { delayMs: 1 },
    watch: (event) => {
      if (event.type === 'sent') datagrams += 1
      else if (event.type === 'fact' && event.fact.type === 'stored') holders += 1
    },
  })
  const began = process.cpuUsage()
  world.startAll()
  world.at(RUN_MS / 4, () => world.type(0, 'm'))
  world.run(RUN_MS)
  const { user, system } = process.cpuUsage(began)
  const seconds = (user + system) / 1e6
  const perSecond = world.handled / seconds
  return {
    name: `simulator-${nodes}`,
    what: `${nodes} simulated nodes on a random network, 1 ms a link, ${RUN_MS / 1_000} s, one message: arrivals, wakes and flushes handled, for each second of processor time`,
    figures: {
      eventsPerSecond: rounded(perSecond),
      datagramsPerSecond: rounded(datagrams / seconds),
      seconds: rounded(seconds),
      holders,
    },
    target: `at least ${TARGET.toLocaleString('en')} events a second, and every node has the message`,
    met: perSecond >= TARGET && holders === nodes,
  }
}
