/** The built-in tests, in the order of the report. */
import type { CheckTest } from '../check-test.ts'
import { LINK_TESTS } from './links.ts'
import { MESSAGE_TESTS } from './messages.ts'
import { RESTART_TESTS } from './restarts.ts'
import { STRANGER_TESTS } from './strangers.ts'

export const SUITE: readonly CheckTest[] = [...MESSAGE_TESTS, ...RESTART_TESTS, ...LINK_TESTS, ...STRANGER_TESTS]
