/** Tests crashes and restarts. */
import { endWords } from '../story.ts'
import { type BuiltIn, builtIn } from './built-in.ts'
import { idsOf, type People } from './people.ts'

/** proxy.py waits this long before it starts a node again, in ms. */
const BEFORE_RESTART_MS = 2_000

/** Crashes and restarts node 1 after all nodes have a message of it. */
async function secondLife(people: People): Promise<void> {
  await people.say(1, 'before')
  await people.untilShown([0, 1, 2], ['before'])
  await people.crash(1)
  await people.network.start(1)
}

const TESTS: readonly BuiltIn[] = [
  {
    name: 'a restarted node catches up',
    rule: 'handout, anti-entropy',
    async steps(people) {
      await people.say(0, 'early')
      await people.untilShown([0, 1, 2], ['early'])
      await people.crash(1)
      await people.say(0, 'meanwhile')
      await people.say(2, 'elsewhere')
      await people.network.start(1)
      await people.untilShown([0, 1, 2], ['early', 'meanwhile', 'elsewhere'])
    },
  },
  {
    name: 'a restart with another n and port',
    rule: 'handout, restart: a node may return with another n and TCP port',
    async steps(people) {
      await people.say(0, 'early')
      await people.untilShown([0, 1, 2], ['early'])
      await people.crash(2)
      // Its new neighbour, node 3, never runs.
      await people.network.start(2, 4, 20_077)
      await people.say(2, 'returned')
      await people.say(0, 'still')
      await people.untilShown([0, 1, 2], ['early', 'returned', 'still'])
    },
  },
  {
    name: 'one number, one text',
    rule: 'handout, restart: gossip must still work',
    async steps(people) {
      await secondLife(people)
      await people.untilShown([1], ['before'])
      await people.say(1, 'after')
      await people.untilShown([0, 1, 2], ['before', 'after'])
    },
  },
  {
    name: 'a message at once after a restart',
    rule: 'handout, restart: gossip must still work',
    async steps(people) {
      await secondLife(people)
      await people.say(1, 'after')
      await people.untilShown([0, 1, 2], ['before', 'after'])
    },
  },
  {
    name: 'crash in mid-message',
    rule: 'handout, invariants: a message lives as long as a node that has it',
    async steps(people) {
      const { network } = people
      await Promise.all([people.say(0, 'last'), people.send(1, 'crash')])
      if (!(await network.endOf(1, BEFORE_RESTART_MS))) people.fail(1, 'node 1 still runs 2 s after crash')
      await network.sleep(BEFORE_RESTART_MS)
      await network.start(1)
      await people.untilShown([0, 1, 2], ['last'])
    },
  },
  {
    name: 'a message and a crash in one segment',
    rule: 'proxy.py: lines that are typed fast arrive together',
    async steps(people) {
      const { network } = people
      await people.send(1, 'msg 1 Alice', 'crash')
      if (!(await network.endOf(1, BEFORE_RESTART_MS)))
        people.fail(1, 'node 1 was sent a message and a crash in one segment, and still runs 2 s later')
      await network.start(1)
      await people.untilShown([0, 1, 2], ['Alice'])
    },
  },
  {
    name: 'crash ends a program by itself',
    rule: 'handout, commands: crash ends the process at once',
    async steps(people) {
      for (const id of idsOf(people.network)) await people.crash(id)
      await people.network.lab.sequencer.flushed()
      for (const event of people.network.events)
        if (event.type === 'ended' && 'why' in event.end && event.end.why !== undefined)
          people.fail(event.node, `${endWords(event.node, event.at, event.end)}: crash must not end it so`, event.at)
    },
  },
  {
    name: 'ports are free after a crash',
    rule: 'proxy.py: it starts a node again 2 s after its crash, on the same port',
    needs: 2,
    n: 2,
    async steps(people) {
      const { network } = people
      await people.say(0, 'first')
      await people.untilShown([0, 1], ['first'])
      await people.crash(1)
      await network.sleep(BEFORE_RESTART_MS)
      await network.start(1)
      await people.untilShown([1], ['first'])
    },
  },
  {
    name: 'a stopped neighbour comes back',
    rule: 'handout, anti-entropy repairs: a neighbour that was silent is alive again',
    async steps(people) {
      const { network } = people
      await people.untilShown([0, 1, 2], [])
      await network.signal(1, 'SIGSTOP')
      try {
        await people.say(0, 'patience')
        await network.sleep(STOPPED_MS)
        await people.say(2, 'virtue')
      } finally {
        await network.signal(1, 'SIGCONT')
      }
      await people.say(0, 'afterwards')
      await people.untilShown([0, 1, 2], ['patience', 'virtue', 'afterwards'])
    },
  },
]

/** Longer than the ack timeout of the handout, 1 or 2 s. In ms. */
const STOPPED_MS = 3_000

export const RESTART_TESTS = TESTS.map(builtIn)
