import type { Complaint } from './complaint.ts'
import type { Answer } from './course/expected.ts'
import type { TestNetwork } from './test-network.ts'

/** A test of the program, built in or from a folder. */
export interface CheckTest {
  readonly name: string
  /** Source of the rule that it checks. */
  readonly rule: string
  /** Whether neither the handout nor proxy.py asks for it: a program that fails it may be right for the course. */
  readonly isBeyondCourse?: boolean
  /** Lowest layer that it can run on. */
  readonly needs: 1 | 2
  /** Number of nodes of its network. */
  readonly n: number
  /** Whether it runs while no other run does, because it keeps the machine busy. */
  readonly alone?: boolean
  /** Whether the program cannot write to its outputs, as under proxy.py. */
  readonly unwritable?: boolean
  /**
   * Resolves with what is wrong.
   * @throws (rejects) RunFailed when it cannot go on, RunSkipped when it does not apply.
   */
  run(network: TestNetwork, tools: TestTools): Promise<readonly Complaint[]>
}

export interface TestTools {
  /** Keeps an answer for the measures of the run. */
  readonly onAnswer: (answer: Answer) => void
}
