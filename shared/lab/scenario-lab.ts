import type { ScenarioWorld } from '../language/scenario-run.ts'
import { Executor } from './executor.ts'
import type { Lab } from './lab.ts'

/** Adapts a lab for a scenario; the caller provides clock, output and pauses. */
export function scenarioLab(lab: Lab): Pick<ScenarioWorld, 'execute' | 'state' | 'onChange' | 'flushed'> {
  const executor = new Executor(lab)
  return {
    execute: (line) => executor.execute(line, 'scenario'),
    state: () => lab.sequencer.state,
    onChange: (listener) => lab.onRelease(listener),
    flushed: () => lab.sequencer.flushed(),
  }
}
