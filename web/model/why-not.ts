/** Says why a control cannot work in this lab. */
import type { LabState } from '../../shared/model/lab-state.ts'
import { whyLacking } from '../../shared/model/lack-words.ts'
import type { Ability } from '../../shared/model/lacks.ts'
import { capital } from '../../shared/text/words.ts'

/** Returns why not all of these nodes have some abilities, as a sentence; undefined when they do. */
export function whyNot(
  { nodes }: Pick<LabState, 'nodes'>,
  ids: readonly number[] | 'all',
  ...abilities: readonly Ability[]
): string | undefined {
  const concerned = ids === 'all' ? nodes : nodes.filter(({ id }) => ids.includes(id))
  const why = whyLacking(concerned, ...abilities)
  return why && `${capital(why)}.`
}
