/** The built-in tests. */
import type { CheckTest } from '../check-test.ts'

export const SUITE: readonly CheckTest[] = []
