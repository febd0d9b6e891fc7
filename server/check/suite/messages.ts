/** Tests what becomes of messages while all nodes run. */
import { nodeName } from '../../../shared/model/names.ts'
import { RunSkipped } from '../complaint.ts'
import { brief } from '../course/expected.ts'
import { type BuiltIn, builtIn } from './built-in.ts'
import { idsOf, type People, SPREAD_WITHIN_MS, showsText } from './people.ts'

/** Time after which a message that is stored twice would show twice, in ms. */
const SETTLE_MS = 1_500

async function sayEverywhere(people: People): Promise<readonly string[]> {
  const texts = idsOf(people.network).map((id) => [`first${id}`, `second${id}`])
  await Promise.all(texts.map((own, id) => people.say(id, ...own)))
  return texts.flat()
}

const MANY = 999
const MANY_WITHIN_MS = 90_000
/** Messages of a burst, and the pause after it, in ms: sockets of programs hold some hundred datagrams. */
const BURST = 10
const PAUSE_MS = 40

const TESTS: readonly BuiltIn[] = [
  {
    name: 'agreement after quiet',
    rule: 'handout, invariants: live nodes agree on all messages',
    n: 4,
    async steps(people) {
      await people.untilShown(idsOf(people.network), await sayEverywhere(people))
    },
  },
  {
    name: 'no duplicates',
    rule: 'handout, invariants: no message twice',
    async steps(people) {
      const ids = idsOf(people.network)
      await people.untilShown(ids, await sayEverywhere(people))
      await requireOnce(people, ids)
    },
  },
  {
    name: 'order of each origin',
    rule: 'handout, invariants: the log of each origin has no gap',
    async steps(people) {
      const texts = Array.from({ length: 8 }, (_, place) => `step${place}`)
      await people.say(0, ...texts)
      const logs = await people.untilShown(idsOf(people.network), texts)
      const own = (logs.get(0) ?? []).filter((text) => texts.includes(text))
      if (own.join() !== texts.join())
        throw new RunSkipped('its chat logs have an order of their own, as those of the report have')
      for (const [id, log] of logs) {
        if (log.join() === own.join()) continue
        people.fail(
          id,
          `${nodeName(id)} shows the messages of node 0 as ${brief(log)}, and node 0 was given ${brief(own)}`,
        )
      }
    },
  },
  {
    name: 'nothing forged',
    rule: 'handout, invariants: nodes show what they were given',
    async steps(people) {
      const ids = idsOf(people.network)
      const given = await sayEverywhere(people)
      for (const [id, log] of await people.untilShown(ids, given)) {
        const forged = log.filter((text) => !given.includes(text))
        if (forged.length > 0) people.fail(id, `${nodeName(id)} shows ${brief(forged)}, which nobody sent`)
      }
    },
  },
  {
    name: 'empty chat log',
    rule: 'ours, proxy interface: an answer without a text would end proxy.py',
    isBeyondCourse: true,
    n: 1,
    async steps(people) {
      const log = await people.log(0)
      if (log === '')
        people.fail(
          0,
          'without messages, node 0 answers get chatLog with nothing, and proxy.py waits for ever after it',
        )
    },
  },
  unchanged('spaces in a text', 'hello big world'),
  unchanged('commas in a text', 'one, two,three'),
  unchanged('texts of other scripts', 'größer 日本 👩‍🏫'),
  {
    name: 'texts of 199 characters',
    rule: 'handout, limits: fewer than 200 characters a message',
    async steps(people) {
      const text = `long${'x'.repeat(195)}`
      await people.say(0, text)
      await people.untilShown(idsOf(people.network), [text])
    },
  },
  {
    name: '999 messages',
    rule: 'handout, limits: fewer than 1,000 messages',
    alone: true,
    async steps(people) {
      const { network } = people
      const texts = Array.from({ length: MANY }, (_, number) => `m${number}`)
      for (const [number, text] of texts.entries()) {
        network.send(number % network.n, `msg 1 ${text}\n`)
        if (number % BURST === BURST - 1) await network.sleep(PAUSE_MS)
      }
      await people.untilShown(idsOf(network), texts, MANY_WITHIN_MS)
    },
  },
  {
    name: 'outputs that cannot be written to',
    rule: 'proxy.py: it opens stdout and stderr for reading',
    n: 2,
    unwritable: true,
    async steps(people) {
      await people.say(0, 'quiet')
      await people.untilShown([0, 1], ['quiet'])
    },
  },
]

/** A text that its own node shows as it was given must arrive so; the report allows neither spaces nor commas. */
function unchanged(name: string, text: string): BuiltIn {
  return {
    name,
    rule: 'ours, any text; the report allows neither space nor comma',
    isBeyondCourse: true,
    async steps(people) {
      const { network } = people
      await people.say(0, text)
      if (!showsText(await people.log(0), text))
        throw new RunSkipped(`node 0 itself does not show “${text}” as it was given`)
      const since = network.now()
      for (const id of idsOf(network)) {
        for (let log = await people.log(id); !showsText(log, text); log = await people.log(id)) {
          if (network.now() - since > SPREAD_WITHIN_MS || (log !== '' && log !== '<empty>'))
            people.fail(id, `${nodeName(id)} shows ${brief([log])}, and node 0 was given “${text}”`)
          await network.sleep(PAUSE_MS)
        }
      }
    },
  }
}

/** @throws (rejects) RunFailed if a node shows a message twice, now or a while later. */
export async function requireOnce(people: People, ids: readonly number[]): Promise<void> {
  await people.network.sleep(SETTLE_MS)
  for (const id of ids) {
    const log = await people.texts(id)
    const doubled = log.filter((text, place) => log.indexOf(text) !== place)
    if (doubled.length > 0) people.fail(id, `${nodeName(id)} shows ${brief(doubled)} twice`)
  }
}

export const MESSAGE_TESTS = TESTS.map(builtIn)
