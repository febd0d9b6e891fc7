/** Tests a full table of disputes. lost-life.test.ts tests how a node meets and decides them. */
import { expect, test } from 'vitest'
import { Disputes, MAX_DISPUTES } from './disputes.ts'
import { MessageLog } from './log.ts'
import { originOf } from './origin.ts'

const ORIGIN = originOf(40_007, 0)
const LATER = originOf(40_007, 1)
const from = 40_002

/**
 * Creates as many disputes as fit the table, all of one origin, each between `new <seq>`, which is stored, and `old
 * <seq>`.
 */
function full() {
  const log = new MessageLog()
  for (let seq = 0; seq <= MAX_DISPUTES; seq += 1) log.add({ origin: ORIGIN, seq, text: `new ${seq}`, from })
  const disputes = new Disputes(log)
  const meet = (seq: number) => disputes.weigh({ origin: ORIGIN, seq, text: `old ${seq}`, from }, `new ${seq}`)
  for (let seq = 0; seq < MAX_DISPUTES; seq += 1) meet(seq)
  return { log, meet }
}

test('one more is ignored while none in the table is decided', () => {
  const { meet } = full()
  for (let time = 0; time < MAX_DISPUTES; time += 1) expect(meet(MAX_DISPUTES)).toBe('is known')
  expect(meet(0)).toBe('is known')
})

test.each([0, 40, MAX_DISPUTES - 1])('one more takes the place of one that is decided, number %i', (decided) => {
  const { log, meet } = full()
  log.add({ origin: LATER, seq: 0, text: `old ${decided}`, from })
  const verdicts = Array.from({ length: MAX_DISPUTES }, () => meet(MAX_DISPUTES))
  expect(verdicts.filter((verdict) => verdict === 'is new')).toHaveLength(1)
  expect(meet(MAX_DISPUTES)).toBe('is known')
  // Each other dispute is still remembered.
  expect(meet((decided + 1) % MAX_DISPUTES)).toBe('is known')
})
