import { type Outcome, optionsOf, type Scenario } from './scenario.ts'
import { ShellWorld } from './shell-world.ts'
import { Story } from './story.ts'
import type { TraceEvent } from './trace.ts'

/** Runs a scenario on the shells of nodes. `watch` sees each event. */
export async function runOnShells(
  scenario: Scenario,
  watch?: (event: TraceEvent, rootId: number) => void,
): Promise<Outcome> {
  const story = new Story(scenario)
  const world: ShellWorld = new ShellWorld({
    ...optionsOf(scenario),
    settings: scenario.settings,
    watch: (event) => {
      story.see(event)
      watch?.(event, world.rootId)
    },
  })
  try {
    const told = story.tell(world)
    for (;;) {
      const step = told.next()
      if (step.done) return step.value
      await world.run(step.value)
    }
  } catch (error) {
    return story.endOf(error)
  }
}
