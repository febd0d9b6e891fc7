import { expect, test } from 'vitest'
import { expectSameOutcomes, expectSameWithAnySeed } from '../test-support/determined-story.ts'
import { onProcesses, onSimulatedNodes } from '../test-support/scenario-outcome.ts'

/** `npm run test:long` runs more. */
const RUNS = 4

/** The report's walkthrough, with a cut, a held datagram, a crash and a restart. */
const WALKTHROUGH = `
0 msg 1 Lexi
1 msg 1 Sophie
link 2 3 cut
3 msg 1 bye
until held 2 = 2
expect 2 chatLog lacks bye
link 2 3 heal
until agreed
expect held 0 = 3
hold timers on
sleep 200ms
hold 0>1 on
0 msg 2 my528
until waiting 0>1 >= 1
expect 3 chatLog lacks my528
duplicate 0>1
deliver 0>1
until held 3 = 4
drop 0>1
hold 0>1 off
hold timers off
until agreed
1 crash
until crashed 1
0 msg 3 network
until held 0 = 5
expect 3 chatLog lacks network
1 start 4 20001
until agreed
expect held 1 = 5
expect 3 chatLog Lexi,Sophie,bye,my528,network
`

test('the walkthrough with a cut, a hold, a crash and a restart is the same on processes and on simulated nodes', async () => {
  const story = { n: 4, topology: 'line', file: WALKTHROUGH } as const
  const simulated = await onSimulatedNodes(story)
  expect(simulated.complaints).toEqual([])
  expect(await onProcesses(story)).toEqual(simulated)
})

test('stories with a determined outcome have the same on processes and on simulated nodes', async () => {
  await expectSameOutcomes(RUNS)
})

test('they have it on simulated nodes with any seed', async () => {
  await expectSameWithAnySeed(50)
})
