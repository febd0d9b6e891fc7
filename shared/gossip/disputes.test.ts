/** A table of disputes that is full. How a node meets and decides them: lost-life.test.ts. */
import { expect, test } from 'vitest'
import { Disputes, MAX_DISPUTES } from './disputes.ts'
import { MessageLog } from './log.ts'
import { originOf } from './origin.ts'

const ORIGIN = originOf(40_007, 0)
const LATER = originOf(40_007, 1)
const from = 40_002

/** As many disputes as are remembered, all of one origin, each between `new <seq>`, which is held, and `old <seq>`. */
function full() {
  const log = new MessageLog()
  for (let seq = 0; seq <= MAX_DISPUTES; seq += 1) log.add({ origin: ORIGIN, seq, text: `new ${seq}`, from })
  const disputes = new Disputes(log)
  const meet = (seq: number) => disputes.weigh({ origin: ORIGIN, seq, text: `old ${seq}`, from }, `new ${seq}`)
  for (let seq = 0; seq < MAX_DISPUTES; seq += 1) meet(seq)
  return { log, meet }
}

test('one more is let be while none of those that are remembered is decided', () => {
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
  // Each other is remembered still.
  expect(meet((decided + 1) % MAX_DISPUTES)).toBe('is known')
})
