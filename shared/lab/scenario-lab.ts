import type { ScenarioWorld } from '../language/scenario-run.ts'
import { Executor } from './executor.ts'
import type { Lab } from './lab.ts'

/** Returns a lab as a scenario sees it; clock, output and pauses are those of who runs the scenario. */
export function scenarioLab(lab: Lab): Pick<ScenarioWorld, 'execute' | 'state' | 'onChange' | 'flushed'> {
  const executor = new Executor(lab)
  return {
    execute: (line) => executor.execute(line, 'scenario'),
    state: () => lab.journal.state,
    onChange: (listener) => lab.onRelease(listener),
    flushed: () => lab.journal.flushed(),
  }
}
