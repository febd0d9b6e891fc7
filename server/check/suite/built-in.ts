/** Makes a built-in test of its steps. */
import type { CheckTest } from '../check-test.ts'
import { RunFailed } from '../complaint.ts'
import { unwantedEnds } from '../story.ts'
import { People } from './people.ts'

export interface BuiltIn extends Pick<CheckTest, 'name' | 'rule' | 'isBeyondCourse' | 'alone' | 'unwritable'> {
  readonly needs?: 1 | 2
  readonly n?: number
  /** Begins when all nodes run. @throws (rejects) RunFailed, RunSkipped */
  steps(people: People): Promise<void>
}

/** A test of nodes that all run; a node that ends by itself fails it, with that as its first reason. */
export const builtIn = ({ needs = 1, n = 3, steps, ...test }: BuiltIn): CheckTest => ({
  ...test,
  needs,
  n,
  async run(network, tools) {
    let failure: RunFailed | undefined
    try {
      await network.startAll()
      await steps(new People(network, tools))
    } catch (error) {
      if (!(error instanceof RunFailed)) throw error
      failure = error
    }
    await network.lab.sequencer.flushed()
    return [...unwantedEnds(network.events), ...(failure ? [failure.complaint] : [])]
  },
})
