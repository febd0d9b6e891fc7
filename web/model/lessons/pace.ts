/** Sets the pace of a lesson: delays and pauses as it says, so that people can follow, or a tenth of them. */
import { formatCommand } from '../../../shared/language/command-format.ts'
import type { ScenarioLine } from '../../../shared/language/scenario.ts'

export type Pace = 'class' | 'quick'

const QUICK = 0.1

export const atPace = (steps: readonly ScenarioLine[], pace: Pace): readonly ScenarioLine[] =>
  pace === 'class' ? steps : steps.map(quicker)

function quicker(step: ScenarioLine): ScenarioLine {
  if (step.kind === 'sleep') return { ...step, ms: step.ms * QUICK, text: `sleep ${step.ms * QUICK}ms` }
  if (step.kind !== 'command') return step
  const { command } = step
  if (command.kind === 'delay') return withCommand(step, { ...command, ms: Math.round(command.ms * QUICK) })
  if (command.kind !== 'link' || command.change === 'heal' || command.change.delayMs === undefined) return step
  const delayMs = Math.round(command.change.delayMs * QUICK)
  return withCommand(step, { ...command, change: { ...command.change, delayMs } })
}

function withCommand(step: ScenarioLine, command: Extract<ScenarioLine, { kind: 'command' }>['command']): ScenarioLine {
  return { line: step.line, kind: 'command', command, text: formatCommand(command) }
}
