/** The lines that make a lesson's network. */

import { DEFAULTS } from '../../shared/gossip/settings.ts'
import { formatCommand } from '../../shared/language/command-format.ts'
import type { Lesson } from '../../shared/language/lesson.ts'
import type { ScenarioLine } from '../../shared/language/scenario.ts'

/** Returns the lines for a lab with or without a key: the network is the same in both. */
export const setupOf = ({ setup }: Lesson, keyed: boolean): readonly ScenarioLine[] => [
  ...(keyed ? [keyStep(false)] : []),
  ...setup.map(fromDefaults),
]

/** A lesson's network has the default settings. */
function fromDefaults(step: ScenarioLine): ScenarioLine {
  if (step.kind !== 'command' || step.command.kind !== 'network') return step
  const command = { ...step.command, settings: { ...DEFAULTS, ...step.command.settings } }
  return { ...step, command, text: formatCommand(command) }
}

export function keyStep(on: boolean): ScenarioLine {
  const command = { kind: 'key', on } as const
  return { kind: 'command', command, line: 0, text: formatCommand(command) }
}
