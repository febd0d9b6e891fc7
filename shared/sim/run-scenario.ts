import { type Outcome, optionsOf, type Scenario } from './scenario.ts'
import { Story, type StoryWorld } from './story.ts'
import type { TraceEvent } from './trace.ts'
import { World } from './world.ts'

/** Runs a scenario on machines of the protocol. `watch` sees each event. */
export function runScenario(scenario: Scenario, watch?: (event: TraceEvent, rootId: number) => void): Outcome {
  const story = new Story(scenario)
  const world: World = new World({
    ...optionsOf(scenario),
    settings: scenario.settings,
    // Parsing takes a third of the time, so only a quarter of the stories parse.
    bytes: scenario.seed % 4 === 0,
    watch: (event) => {
      story.see(event)
      watch?.(event, world.rootId)
    },
  })
  try {
    const told = story.tell(storyWorld(world))
    for (;;) {
      const step = told.next()
      if (step.done) return step.value
      world.run(step.value)
    }
  } catch (error) {
    return story.endOf(error)
  }
}

export const storyWorld = (world: World): StoryWorld => ({
  get now() {
    return world.now
  },
  get roundTripMs() {
    return world.links.roundTripMs
  },
  settings: world.settings,
  nodes: world.nodes,
  isStandalone: world.isStandalone,
  isAlive: (id) => world.isAlive(id),
  isPlain: (id) => world.isPlain(id),
  neighboursOf: (id) => world.neighboursOf(id),
  held: (id) => world.held(id),
  livesOf: (id) => world.nodes[id]?.lives ?? 0,
  start: (id) => world.start(id),
  end: (id, lastWords) => world.end(id, lastWords),
  forget: (id) => world.forget(id),
  type: (id, text) => world.type(id, text),
  hoard: (id, hoards) => {
    for (const node of world.nodes) if (node.id === id) node.hoards = hoards
  },
  change: (from, to, changes) => world.network.change(from, to, changes),
  calm: () => world.network.calm(),
})
